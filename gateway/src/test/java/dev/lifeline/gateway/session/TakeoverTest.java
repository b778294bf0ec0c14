package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.ANN;
import static dev.lifeline.gateway.session.EngineStage.call;
import static dev.lifeline.gateway.session.EngineStage.notification;
import static dev.lifeline.gateway.session.EngineStage.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a dead node was waiting for has an outcome all the same, and only one. */
class TakeoverTest {

    private final ScriptedUpstream upstream = new ScriptedUpstream(true);
    private final EngineStage stage = new EngineStage(upstream);

    @AfterEach
    void end() {
        stage.close();
    }

    private static final ScriptedUpstream.Turn HANGS = (request, inbound) -> {};

    @Test
    void anyNodeServesASessionThatAnotherBegan() {
        Session session = stage.begun("test");

        stage.accept("b", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        assertThat(upstream.opened()).isEqualTo(1);
    }

    @Test
    void aCallOfADeadNodeMayHaveRun() {
        Session session = stage.begun("test");
        upstream.on("tools/call", HANGS);
        stage.accept("a", session, "p1", call(7));

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        assertThat(stage.outcome(session, "p1")).contains("-32011");
        assertThat(await(stage.store.open(session.id()))).isEmpty();
    }

    @Test
    void aReadOfADeadNodeIsAskedAgain() {
        Session session = stage.begun("test");
        upstream.on("resources/read", HANGS);
        stage.accept("a", session, "p1", request(7, "resources/read"));

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
    }

    @Test
    void anAnswerThatTheUpstreamCanResumeIsResumed() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> inbound.received(notification("notifications/message"), "e5"));
        stage.accept("a", session, "p1", call(7));

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        assertThat(stage.finished(session, "p1")).hasSize(2);
        assertThat(upstream.resumed()).containsExactly("7@e5");
    }

    @Test
    void nodesThatAllFindTheUpstreamForgetfulIntroduceTheClientOnceBetweenThem() {
        List<String> nodes = List.of("a", "b", "c");
        Session session = stage.begun("test");
        nodes.forEach(node -> stage.accept(node, session, "before-" + node, call(1)));
        nodes.forEach(node -> stage.finished(session, "before-" + node));
        ScriptedUpstream.Turn forgotten = ScriptedUpstream.ends(Ending.FORGOTTEN);
        upstream.on("tools/call", forgotten, forgotten, forgotten);
        upstream.holdOpening();

        nodes.forEach(node -> stage.accept(node, session, "after-" + node, call(2)));
        eventually("one of them has begun", () -> upstream.opened() == 2);
        upstream.goOnOpening();

        nodes.forEach(
                node -> assertThat(stage.outcome(session, "after-" + node)).contains("turn"));
        assertThat(upstream.opened()).isEqualTo(2);
    }

    @Test
    void twoSurvivorsTakeOverOnceBetweenThem() {
        Session session = stage.begun("test");
        upstream.on("resources/read", HANGS);
        stage.accept("a", session, "p1", request(7, "resources/read"));

        stage.kill("a");
        var first = stage.node("b").keeper().takeOver("a");
        var second = stage.node("c").keeper().takeOver("a");
        await(first);
        await(second);

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        assertThat(stage.asked()).containsExactly("resources/read", "resources/read");
    }

    @Test
    void theAnswerOfANodeThatOnlyHungComesTooLate() {
        Session session = stage.begun("test");
        Inbound[] late = new Inbound[1];
        upstream.on("tools/call", (request, inbound) -> late[0] = inbound);
        stage.accept("a", session, "p1", call(7));
        await(stage.node("b").keeper().takeOver("a"));
        stage.finished(session, "p1");

        await(late[0].received(ScriptedUpstream.result(call(7), 1), null));

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }

    @Test
    void aNodeThatComesBackSettlesWhatItsFormerLifeLeft() {
        Session session = stage.begun("test");
        upstream.on("tools/call", HANGS);
        stage.accept("a", session, "p1", call(7));

        stage.kill("a");

        await(stage.node("a~2").keeper().takeOver("a"));

        assertThat(stage.outcome(session, "p1")).contains("-32011");
    }

    @Test
    void messagesForAPipeGoToTheNodeThatHoldsIt() {
        try (EngineStage pipes = new EngineStage(new ScriptedUpstream(false))) {
            Session session = pipes.begun("test");

            pipes.accept("b", session, "p1", call(7));

            assertThat(pipes.outcome(session, "p1")).contains("\"turn\":1");
            assertThat(pipes.upstream.opened()).isEqualTo(1);
            assertThat(await(pipes.store.open(session.id()))).isEmpty();
        }
    }

    @Test
    void aPipeThatDiedWithItsNodeIsBegunAnew() {
        try (EngineStage pipes = new EngineStage(new ScriptedUpstream(false))) {
            Session session = pipes.begun("test");
            pipes.node("b");
            pipes.kill("a");

            pipes.accept("b", session, "p1", call(7));

            assertThat(pipes.outcome(session, "p1")).contains("\"turn\":1");
            assertThat(pipes.upstream.opened()).isEqualTo(2);
            assertThat(await(pipes.store.find(session.id()))
                            .orElseThrow()
                            .link()
                            .holder())
                    .isEqualTo("b");
        }
    }

    @Test
    void whenAPipeBreaksItsCallsMayHaveRunAndTheNextBeginsItAnew() {
        try (EngineStage pipes = new EngineStage(new ScriptedUpstream(false))) {
            Session session = pipes.begun("test");
            pipes.upstream.on("tools/call", ScriptedUpstream.ends(Ending.LOST));
            pipes.accept("a", session, "p1", call(1));
            pipes.finished(session, "p1");
            eventually("listened to", () -> pipes.upstream.standing("u1") != null);
            pipes.upstream.standing("u1").ended(Ending.LOST);

            pipes.accept("a", session, "p2", call(2));

            assertThat(pipes.outcome(session, "p1")).contains("-32011");
            assertThat(pipes.outcome(session, "p2")).contains("\"turn\":1");
            assertThat(pipes.upstream.opened()).isEqualTo(2);
        }
    }

    @Test
    void theHolderOfALinkIsReplacedWhenItDies() {
        Session session = stage.begun("test");
        stage.node("b").sessions().arrived(await(stage.node("b").sessions().find(ANN, session.id())));
        eventually("listened to", () -> upstream.standing("u1") != null);
        Inbound before = upstream.standing("u1");

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        eventually("listened to by another", () -> upstream.standing("u1") != before);
        await(upstream.standing("u1").received(notification("notifications/tools/list_changed"), null));
        assertThat(stage.stream(session, null)).hasSize(1);
        assertThat(await(stage.store.find(session.id())).orElseThrow().link().holder())
                .isEqualTo("b");
    }

    @Test
    void aHolderThatOnlyHungLetsGoWhenItsStreamIsEndedForAnother() {
        Session session = stage.begun("test");
        stage.node("b").sessions().arrived(await(stage.node("b").sessions().find(ANN, session.id())));
        eventually("listened to", () -> upstream.standing("u1") != null);
        Inbound before = upstream.standing("u1");
        await(stage.node("b").keeper().takeOver("a"));
        eventually("listened to by another", () -> upstream.standing("u1") != before);

        before.interrupted();

        eventually("let go", () -> upstream.closed().contains("released u1"));
    }

    @Test
    void aStoreThatForgotWhoListensIsToldAgain() {
        Session session = stage.begun("test");
        stage.node("b").sessions().arrived(await(stage.node("b").sessions().find(ANN, session.id())));
        eventually("listened to", () -> upstream.standing("u1") != null);
        Inbound before = upstream.standing("u1");
        await(stage.node("b").keeper().takeOver("a"));
        eventually("listened to by another", () -> upstream.standing("u1") != before);
        await(stage.store.relink(session.id(), 2, session.link()));

        upstream.standing("u1").interrupted();

        eventually(
                "told",
                () -> await(stage.store.find(session.id()))
                        .orElseThrow()
                        .link()
                        .holder()
                        .equals("b"));
        assertThat(upstream.closed()).doesNotContain("released u1");
    }

    @Test
    void aSurvivorThatUsedTheLinkItselfBecomesItsHolderToo() {
        Session session = stage.begun("test");
        stage.accept("b", session, "p1", call(7));
        stage.finished(session, "p1");

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));

        assertThat(await(stage.store.find(session.id())).orElseThrow().link().holder())
                .isEqualTo("b");
    }

    @Test
    void aNodeThatIsBackAndHasPassedARequestOnListensAgainAllTheSame() {
        Session session = stage.begun("test");
        stage.node("b").sessions().arrived(await(stage.node("b").sessions().find(ANN, session.id())));
        eventually("listened to", () -> upstream.standing("u1") != null);
        Inbound before = upstream.standing("u1");
        stage.kill("a");
        var back = stage.node("a~2");
        stage.accept("a~2", session, "p1", call(7));
        stage.finished(session, "p1");

        await(back.keeper().takeOver("a"));

        eventually("listened to again", () -> upstream.standing("u1") != before);
    }

    @Test
    void whatIsUnderWayOnASurvivorComesToItsEndWhenItBecomesTheHolder() {
        Session session = stage.begun("test");
        Inbound[] waiting = new Inbound[1];
        upstream.on("tools/call", (request, inbound) -> waiting[0] = inbound);
        stage.accept("b", session, "p1", call(7));

        stage.kill("a");
        await(stage.node("b").keeper().takeOver("a"));
        await(waiting[0].received(ScriptedUpstream.result(call(7), 5), null));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":5");
    }

    @Test
    void aSessionThatIsDeletedOnOneNodeEndsOnTheOther() {
        Session session = stage.begun("test");
        stage.accept("b", session, "p1", call(7));
        stage.finished(session, "p1");

        await(stage.node("b").sessions().close(ANN, session.id()));

        eventually("the holder let go", () -> stage.node("a").sessions().held() == 0);
        assertThat(upstream.closed()).contains("u1");
        assertThat(List.of(stage.node("a").sessions().find(ANN, session.id()).failed()))
                .containsExactly(true);
    }
}
