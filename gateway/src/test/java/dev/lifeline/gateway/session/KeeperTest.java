package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.CloseReason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What time does to sessions, and what it leaves behind: nothing. */
class KeeperTest {

    private final ScriptedUpstream upstream = new ScriptedUpstream(true);
    private final EngineStage stage = new EngineStage(upstream, Duration.ofMillis(600));
    private final NodeSessions sessions = stage.node("a").sessions();

    @BeforeEach
    void begin() {
        stage.node("a").keeper().start();
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private boolean isThere(Session session) {
        return await(stage.store.find(session.id())).isPresent();
    }

    /** Lets at least one life pass: that of a session nobody cares for. */
    private void aLifePasses() {
        Session another = stage.begun("test");
        eventually("a life has passed", () -> !isThere(another));
    }

    @Test
    void aSessionNobodyCaresForEndsAndItsUpstreamIsTold() {
        stage.begun("test");

        eventually("told", () -> upstream.closed().contains("u1"));
        eventually("nothing is left", () -> sessions.held() == 0);
    }

    @Test
    void manyThatVanishLeaveNothingBehind() {
        for (int i = 0; i < 500; i++) {
            stage.begun("test");
        }

        eventually("nothing is left", () -> sessions.held() == 0);
        assertThat(upstream.closed()).hasSize(500);
    }

    @Test
    void aSessionLivesAsLongAsItsLinkAndThenForOneLife() {
        Session session = stage.begun("test");
        sessions.arrived(session);

        aLifePasses();
        aLifePasses();
        assertThat(isThere(session)).isTrue();
        sessions.left(session, null, CloseReason.CLIENT_LEFT);

        eventually("over", () -> !isThere(session));
    }

    @Test
    void aQuietClientsSessionLivesByItsRequestsAlone() {
        Session session = stage.begun("toolman");
        sessions.arrived(session);

        eventually("over, though somebody listens", () -> !isThere(session));
        eventually("and nothing is left", () -> sessions.held() == 0);
    }

    @Test
    void requestsKeepASession() {
        Session session = stage.begun("test");
        Session another = stage.begun("test");

        int[] post = {0};
        eventually("the other one is over", () -> {
            stage.accept("a", session, "p" + post[0]++, call(post[0]));
            return !isThere(another);
        });

        assertThat(isThere(session)).isTrue();
    }

    @Test
    void aNodeThatIsGoneIsNoticedWithoutAWord() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> {});
        stage.accept("b", session, "p1", call(7));

        stage.kill("b");

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }
}
