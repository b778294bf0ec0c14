package dev.lifeline.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is written down when somebody names a session of another principal. */
class TrespassesTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Trespasses.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Trespasses trespasses = new Trespasses();

    @BeforeEach
    void listen() {
        // Whatever another test left behind.
        logger.setLevel(Level.WARN);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void aLineSaysWhoAndWhoseAndNeverTheId() {
        Session session = new Session(
                "the-id-of-ann",
                new Session.Owner("ann", Session.Transport.STREAMABLE, "10.0.0.1", null),
                "docs",
                Session.Opening.NONE,
                LinkState.NONE,
                Session.Presence.NEVER);

        trespasses.note(new Caller("bob", "docs"), session, 1);

        assertThat(lines.list).hasSize(1);
        List<String> said = lines.list.get(0).getKeyValuePairs().stream()
                .map(Object::toString)
                .toList();
        assertThat(said).contains("principal=\"bob\"", "owner=\"ann\"", "left_out=\"0\"");
        assertThat(said.toString() + lines.list.get(0).getFormattedMessage()).doesNotContain("the-id-of-ann");
    }

    @Test
    void beyondTenASecondTheyAreCounted() {
        for (int i = 0; i < 10; i++) {
            assertThat(trespasses.admit(i)).isZero();
        }
        assertThat(trespasses.admit(11)).isEqualTo(-1);
        assertThat(trespasses.admit(12)).isEqualTo(-1);

        assertThat(trespasses.admit(TimeUnit.SECONDS.toNanos(1))).isEqualTo(2);
        assertThat(trespasses.admit(TimeUnit.SECONDS.toNanos(1) + 1)).isZero();
    }
}
