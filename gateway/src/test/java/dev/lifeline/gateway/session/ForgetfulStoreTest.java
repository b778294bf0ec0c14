package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.OWNER;
import static dev.lifeline.gateway.session.EngineStage.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.session.ForgetfulStore.Loss;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store is away for a moment, in the middle of something: nothing is left over and nobody is left waiting. */
class ForgetfulStoreTest {

    private static final ScriptedUpstream.Turn HANGS = (request, inbound) -> {};

    private final ScriptedUpstream upstream = new ScriptedUpstream(true);
    private final EngineStage stage = new EngineStage(upstream);

    @AfterEach
    void end() {
        stage.close();
    }

    private void nothingIsLeftOpen(Session session) {
        eventually(
                "nothing is left open",
                () -> await(stage.store.open(session.id())).isEmpty());
    }

    @Test
    void anOutcomeIsTakenOffTheListThoughTheStoreDidNotHearOfItAtOnce() {
        Session session = stage.begun("test");
        stage.forgets("settle", Loss.QUESTION);

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        nothingIsLeftOpen(session);
    }

    @Test
    void aRequestThatWasRefusedForLackOfAnAnswerIsNotLeftOpen() {
        Session session = stage.begun("test");
        stage.forgets("accept", Loss.ANSWER);

        assertThatThrownBy(() -> stage.accept("a", session, "p1", call(7))).hasMessageContaining("lost");

        nothingIsLeftOpen(session);
        assertThat(stage.asked()).isEmpty();
    }

    @Test
    void aNodeThatCouldNotTellOfItsPartTellsAgainBeforeItTakesARequest() {
        Session session = await(stage.node("a").sessions().open(OWNER, "scripted"));
        upstream.on("tools/call", HANGS);
        stage.forgets("involve", Loss.QUESTION);
        stage.node("a").sessions().arrived(session);

        stage.accept("a", session, "p1", call(7));
        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }

    @Test
    void whatWasTakenOverHasItsOutcomeThoughTheAnswerWasLost() {
        Session session = stage.begun("test");
        upstream.on("tools/call", HANGS);
        stage.accept("a", session, "p1", call(7));
        stage.kill("a");
        stage.forgets("takeOver", Loss.ANSWER);

        stage.node("b").keeper().takeOver("a");

        assertThat(stage.outcome(session, "p1")).contains("-32011");
        nothingIsLeftOpen(session);
    }

    @Test
    void whatWasTakenOverHasItsOutcomeThoughTheSessionCouldNotBeRead() {
        Session session = stage.begun("test");
        upstream.on("tools/call", HANGS);
        stage.accept("a", session, "p1", call(7));
        stage.kill("a");
        stage.forgets("find", Loss.QUESTION);

        stage.node("b").keeper().takeOver("a");

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }
}
