package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.ANN;
import static dev.lifeline.gateway.session.EngineStage.call;
import static dev.lifeline.gateway.session.EngineStage.message;
import static dev.lifeline.gateway.session.EngineStage.notification;
import static dev.lifeline.gateway.session.EngineStage.request;
import static dev.lifeline.gateway.session.ScriptedUpstream.ends;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each accepted request has one outcome, whatever the upstream does. */
class ExchangeTest {

    private static final String MAY_HAVE_RUN = "-32011";
    private static final String NOT_RUN = "-32010";

    private final ScriptedUpstream upstream = new ScriptedUpstream(true);
    private final EngineStage stage = new EngineStage(upstream);

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void anAnswerIsTheLastEventOfItsPostsStream() {
        Session session = stage.begun("test");

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.finished(session, "p1"))
                .containsExactly(new Event(Sessions.LAST, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"turn\":1}}"));
        assertThat(await(stage.store.open(session.id()))).isEmpty();
    }

    @Test
    void whatComesOnTheWayPrecedesTheAnswer() {
        Session session = stage.begun("test");
        String progress =
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1}}";
        upstream.on("tools/call", (request, inbound) -> {
            inbound.received(message(progress), null);
            upstream.answer().accept(request, inbound);
        });

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.finished(session, "p1"))
                .extracting(Event::type)
                .containsExactly(Sessions.MESSAGE, Sessions.LAST);
    }

    @Test
    void theSameUpstreamEventLandsOnce() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> {
            inbound.received(notification("notifications/message"), "e1");
            inbound.received(notification("notifications/message"), "e1");
            upstream.answer().accept(request, inbound);
        });

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.finished(session, "p1")).hasSize(2);
    }

    @Test
    void aBatchEndsItsStreamWithTheLastOfItsOutcomes() {
        Session session = stage.begun("test");

        stage.accept("a", session, "p1", call(1), notification("notifications/roots/list_changed"), call(2));

        assertThat(stage.finished(session, "p1"))
                .extracting(Event::type)
                .containsExactly(Sessions.ANSWER, Sessions.LAST);
        assertThat(stage.asked()).contains("notifications/roots/list_changed");
    }

    @Test
    void anUpstreamThatForgotIsIntroducedToTheClientAgain() {
        Session session = stage.begun("test");
        stage.accept("a", session, "p0", notification("notifications/initialized"));
        upstream.on("tools/call", ends(Ending.FORGOTTEN));

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        assertThat(upstream.sent())
                .containsExactly(
                        "initialize",
                        "notifications/initialized",
                        "tools/call",
                        "initialize",
                        "notifications/initialized",
                        "tools/call");
        assertThat(await(stage.store.find(session.id())).orElseThrow().link().generation())
                .isEqualTo(2);
    }

    @Test
    void theLogLevelIsSaidAgainToAnUpstreamThatForgot() {
        Session session = stage.begun("test");
        stage.accept("a", session, "p0", notification("notifications/initialized"));
        stage.accept("a", session, "p1", request(1, "logging/setLevel"));
        stage.finished(session, "p1");
        upstream.on("tools/call", ends(Ending.FORGOTTEN));

        stage.accept("a", session, "p2", call(7));
        stage.finished(session, "p2");

        assertThat(stage.asked()).containsExactly("logging/setLevel", "tools/call", "logging/setLevel", "tools/call");
    }

    @Test
    void aRequestWithoutAnOutcomeIsSeenByThoseWhoLookOn() {
        Session session = stage.begun("test");
        Inbound[] waiting = new Inbound[1];
        upstream.on("tools/call", (request, inbound) -> waiting[0] = inbound);
        stage.accept("a", session, "p1", call(7));

        Parts parts = new Parts(stage.node("a").sessions());
        assertThat(parts.all()).singleElement().satisfies(part -> {
            assertThat(part.session().id()).isEqualTo(session.id());
            assertThat(part.open()).extracting(Part.Open::method).containsExactly("tools/call");
            assertThat(part.open().get(0).age()).isGreaterThanOrEqualTo(Duration.ZERO);
        });
        await(waiting[0].received(ScriptedUpstream.result(call(7), 1), null));
        stage.finished(session, "p1");
        eventually(
                "it has its outcome",
                () -> parts.all().allMatch(part -> part.open().isEmpty()));
    }

    @Test
    void whatWasSubscribedToAndNotGivenUpIsSubscribedToAgain() {
        Session session = stage.begun("test");
        List<String> again = new CopyOnWriteArrayList<>();
        upstream.on(
                "resources/subscribe",
                upstream.answer(),
                upstream.answer(),
                (request, inbound) -> again.add(request.details().name()));
        stage.accept("a", session, "p0", notification("notifications/initialized"));
        for (String said : List.of("1 subscribe x", "2 subscribe y", "3 unsubscribe x")) {
            String[] word = said.split(" ");
            stage.accept("a", session, "p" + word[0], about(word[0], word[1], word[2]));
            stage.finished(session, "p" + word[0]);
        }
        upstream.on("tools/call", ends(Ending.FORGOTTEN));

        stage.accept("b", session, "p7", call(7));
        stage.finished(session, "p7");

        assertThat(again).containsExactly("y");
    }

    private static Message about(String id, String verb, String resource) {
        return message("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"resources/" + verb
                + "\",\"params\":{\"uri\":\"" + resource + "\"}}");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"LOST", "DONE"})
    void aCallThatMayHaveRunIsNotSentAgain(Ending ending) {
        Session session = stage.begun("test");
        upstream.on("tools/call", ends(ending));

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains(MAY_HAVE_RUN).contains("\"id\":7");
        assertThat(stage.asked()).containsExactly("tools/call");
    }

    @Test
    void aReadThatWasLostIsAskedAgain() {
        Session session = stage.begun("test");
        upstream.on("resources/read", ends(Ending.LOST), ends(Ending.LOST));

        stage.accept("a", session, "p1", request(7, "resources/read"));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
    }

    @Test
    void aToolThatSaidItIsSafeIsCalledAgain() {
        Session session = stage.begun("test");
        upstream.on("tools/list", (request, inbound) -> {
            inbound.received(
                    message(
                            "{\"jsonrpc\":\"2.0\",\"id\":" + request.id()
                                    + ",\"result\":{\"tools\":[{\"name\":\"pay\",\"annotations\":{\"idempotentHint\":true}}]}}"),
                    null);
            inbound.ended(Ending.DONE);
        });
        stage.accept("a", session, "p1", request(1, "tools/list"));
        stage.finished(session, "p1");
        upstream.on("tools/call", ends(Ending.LOST));

        stage.accept("a", session, "p2", call(2));

        assertThat(stage.outcome(session, "p2")).contains("\"turn\":1");
    }

    @Test
    void anUpstreamThatIsAwayIsWaitedFor() {
        Session session = stage.begun("test");
        upstream.on("tools/call", ends(Ending.NOT_SENT), ends(Ending.NOT_SENT));

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
    }

    @Test
    void whenPatienceEndsTheClientLearnsThatNothingWasDone() {
        Session session = stage.begun("test");
        for (int i = 0; i < 200; i++) {
            upstream.on("tools/call", ends(Ending.NOT_SENT));
        }

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains(NOT_RUN);
        assertThat(upstream.executed()).isZero();
    }

    @Test
    void aRefusalIsAnOutcome() {
        Session session = stage.begun("test");
        upstream.on("tools/call", ends(Ending.REFUSED));

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains(NOT_RUN).contains("refused");
    }

    @Test
    void anUpstreamThatCannotBeBegunAnewIsAnOutcomeToo() {
        Session session = stage.begun("test");
        upstream.on("tools/call", ends(Ending.FORGOTTEN));
        upstream.openFails(Ending.REFUSED);

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains(NOT_RUN);
    }

    @Test
    void whatAnEarlierTryStillSaysIsNotHeard() {
        Session session = stage.begun("test");
        Inbound[] first = new Inbound[1];
        upstream.on(
                "resources/read",
                (request, inbound) -> {
                    first[0] = inbound;
                    inbound.ended(Ending.LOST);
                },
                (request, inbound) -> {
                    first[0].received(ScriptedUpstream.result(request, 99), null);
                    upstream.answer().accept(request, inbound);
                });

        stage.accept("a", session, "p1", request(7, "resources/read"));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
    }

    @Test
    void aCancelledRequestEndsItsStreamAndIsNoLongerWaitedFor() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> {});
        stage.accept("a", session, "p1", call(7));

        stage.accept(
                "a",
                session,
                "p2",
                message("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}"));

        assertThat(stage.outcome(session, "p1")).contains("cancelled");
        assertThat(stage.asked()).containsExactly("tools/call", "forget 7", "notifications/cancelled");
    }

    @Test
    void aRequestIsCancelledWhicheverNodeIsTold() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> {});
        stage.accept("a", session, "p1", call(7));

        stage.accept(
                "b",
                session,
                "p2",
                message("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}"));

        assertThat(stage.outcome(session, "p1")).contains("-32012");
        eventually("settled", () -> await(stage.store.open(session.id())).isEmpty());
        assertThat(stage.asked()).containsOnlyOnce("notifications/cancelled");
    }

    @Test
    void aSessionHasOnlySoManyRequestsWaiting() {
        Session session = stage.begun("test");
        for (int i = 0; i < 8; i++) {
            upstream.on("tools/call", (request, inbound) -> {});
            stage.accept("a", session, "p" + i, call(i));
        }

        Future<Session> beyond = stage.node("a")
                .sessions()
                .accept(ANN, session.id(), List.of(call(9)), Session.stream(session.id(), "p9"));

        eventually("refused", beyond::failed);
        assertThat(beyond.cause()).isInstanceOf(TooManyExchanges.class);
    }

    @Test
    void anUpstreamThatWantsToBeAskedLaterIsPassedOn() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> inbound.paused(500));

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.pauses).containsExactly(Session.stream(session.id(), "p1"));
    }
}
