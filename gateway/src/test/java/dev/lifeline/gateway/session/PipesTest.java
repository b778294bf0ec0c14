package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.ANN;
import static dev.lifeline.gateway.session.EngineStage.call;
import static dev.lifeline.gateway.session.EngineStage.notification;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only the holder of a pipe can do, and what becomes of it when the holder cannot be asked. */
class PipesTest {

    private final EngineStage stage = new EngineStage(new ScriptedUpstream(false));

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aHolderThatCannotBeAskedIsWaitedForAndThenNothingWasDone() {
        Session session = stage.begun("test");
        stage.node("b");
        stage.deafen("a", Ending.NOT_SENT);

        stage.accept("b", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("-32010");
        eventually("settled", () -> await(stage.store.open(session.id())).isEmpty());
    }

    @Test
    void aHolderThatHeardAndDidNotAnswerMayHaveDoneIt() {
        Session session = stage.begun("test");
        stage.node("b");
        stage.deafen("a", Ending.LOST);

        stage.accept("b", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }

    @Test
    void aHolderThatDiesWhileItIsAskedIsReplaced() {
        Session session = stage.begun("test");
        stage.node("b");
        stage.deafen("a", Ending.NOT_SENT);
        stage.accept("b", session, "p1", call(7));

        stage.kill("a");

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
    }

    @Test
    void aHolderThatComesBackIsAskedAgain() {
        Session session = stage.begun("test");
        stage.node("b");
        stage.deafen("a", Ending.NOT_SENT);
        stage.accept("b", session, "p1", call(7));

        stage.deafen("a", null);

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        assertThat(stage.upstream.opened()).isEqualTo(1);
    }

    @Test
    void overHttpAHolderThatCannotBeAskedIsReplacedAtOnce() {
        try (EngineStage http = new EngineStage(new ScriptedUpstream(true))) {
            Session session = http.begun("test");
            NodeSessions other = http.node("b").sessions();
            http.deafen("a", Ending.NOT_SENT);

            other.arrived(await(other.find(ANN, session.id())));

            eventually("listened to", () -> http.upstream.standing("u1") != null);
            assertThat(await(http.store.find(session.id())).orElseThrow().link().holder())
                    .isEqualTo("b");
        }
    }

    @Test
    void whatTheUpstreamSaysIsNotedOnlyAfterItHasLanded() {
        try (EngineStage http = new EngineStage(new ScriptedUpstream(true))) {
            Session session = http.begun("test");
            http.node("a").sessions().arrived(session);
            eventually("listened to", () -> http.upstream.standing("u1") != null);

            await(http.upstream.standing("u1").received(notification("notifications/message"), "e7"));

            assertThat(http.stream(session, null)).hasSize(1);
            eventually(
                    "noted",
                    () -> "e7"
                            .equals(await(http.store.find(session.id()))
                                    .orElseThrow()
                                    .link()
                                    .lastEventId()));
        }
    }
}
