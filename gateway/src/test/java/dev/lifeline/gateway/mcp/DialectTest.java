package dev.lifeline.gateway.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Every byte that is written on an MCP stream, as the clients in use bear it. */
class DialectTest {

    private static final Cursor AT = new Cursor(36, 7);
    private static final Duration TWO = Duration.ofSeconds(2);
    private static final Gap GAP = new Gap(AT, new Cursor(36, 9), Gap.Reason.EVICTED);

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void aMessageIsAnIdATypeAndOneLineWhateverItsKind() {
        for (String type : new String[] {Sessions.MESSAGE, Sessions.ANSWER, Sessions.LAST}) {
            assertThat(text(new McpFraming("s").encode(AT, new Event(type, "{\"a\":1}"))))
                    .isEqualTo("id: s.10-7\nevent: message\ndata: {\"a\":1}\n\n");
        }
    }

    @Test
    void aStreamEndsWithItsLastAnswerAndNothingElse() {
        McpFraming framing = new McpFraming("s");
        assertThat(framing.isLast(new Event(Sessions.LAST, "x"))).isTrue();
        assertThat(framing.isLast(new Event(Sessions.ANSWER, "x"))).isFalse();
        assertThat(framing.isLast(Event.message("x"))).isFalse();
    }

    @Test
    void aQuietClientGetsAnswersAndCommentsInTheirPlaces() {
        LegacyFraming framing = new LegacyFraming("s", false);
        assertThat(text(framing.encode(AT, Event.message("note")))).contains("data: note");
        assertThat(text(framing.encode(AT, LegacyFraming.HUSH))).isEqualTo(":\n");
        assertThat(text(framing.encode(AT, Event.message("note")))).isEqualTo(":\n");
        assertThat(text(framing.encode(AT, new Event(Sessions.ANSWER, "it")))).contains("data: it");
        assertThat(text(new LegacyFraming("s", true).encode(AT, Event.message("note"))))
                .isEqualTo(":\n");
    }

    @Test
    void theLegacyStreamBeginsWithWhereToPostOnceAndSaysNothingElse() {
        LegacyDialect dialect = new LegacyDialect("/gw/docs/messages");
        assertThat(dialect.position(AT)).as("before it is known whose it is").isEmpty();
        dialect.meet("abc");

        assertThat(text(dialect.position(AT)))
                .isEqualTo("id: abc.10-7\nevent: endpoint\ndata: /gw/docs/messages?sessionId=abc\n\n");
        assertThat(dialect.position(AT)).isEmpty();
        assertThat(dialect.gap(GAP)).isEmpty();
        assertThat(dialect.retry(TWO)).isEmpty();
        assertThat(dialect.farewell(AT, TWO)).isEmpty();
    }

    @Test
    void aPollingClientIsToldWhereItStandsAndWhenToComeBackInOneEvent() {
        PollingDialect dialect = PollingDialect.visiting("0");
        assertThat(dialect.retry(TWO)).isEmpty();
        assertThat(text(dialect.position(AT))).isEqualTo("id: 0.10-7\nretry: 2000\ndata: \n\n");
        assertThat(text(dialect.farewell(AT, Duration.ofMillis(700)))).isEqualTo("id: 0.10-7\nretry: 700\ndata: \n\n");
        assertThat(text(dialect.farewell(null, TWO))).isEqualTo("retry: " + TWO.toMillis() + "\n\n");
        assertThat(dialect.gap(GAP)).isEmpty();
    }

    @Test
    void theOthersAreToldNothing() {
        Dialect dialect = Comments.ALONE;
        assertThat(dialect.retry(TWO)).isEmpty();
        assertThat(dialect.position(AT)).isEmpty();
        assertThat(dialect.gap(GAP)).isEmpty();
        assertThat(dialect.farewell(AT, TWO)).isEmpty();
    }

    @Test
    void theHeartbeatIsALoneCommentLineThatAllShare() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        for (Dialect dialect : new Dialect[] {Comments.ALONE, new LegacyDialect("/m"), PollingDialect.visiting("0")}) {
            assertThat(text(dialect.heartbeat(now))).isEqualTo(": 2026-01-02T03:04:05Z\n");
            assertThat(dialect.kin()).isSameAs(Comments.ALONE);
        }
    }
}
