package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.session.EngineStage.ANN;
import static dev.lifeline.gateway.session.EngineStage.OWNER;
import static dev.lifeline.gateway.session.EngineStage.call;
import static dev.lifeline.gateway.session.EngineStage.initialize;
import static dev.lifeline.gateway.session.EngineStage.message;
import static dev.lifeline.gateway.session.EngineStage.notification;
import static dev.lifeline.gateway.session.EngineStage.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Event;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How sessions begin, who may speak of them, and how they end. */
class SessionLifeTest {

    private static final Session.Owner LEGACY = new Session.Owner("ann", Session.Transport.LEGACY, "10.0.0.1", null);

    private final ScriptedUpstream upstream = new ScriptedUpstream(true);
    private final EngineStage stage = new EngineStage(upstream);
    private final NodeSessions sessions = stage.node("a").sessions();

    @AfterEach
    void end() {
        stage.close();
    }

    private static void isUnknown(Future<?> future) {
        eventually("refused", future::failed);
        assertThat(future.cause()).isInstanceOf(UnknownSession.class);
    }

    @Test
    void idsAreUnguessable() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            ids.add(Tokens.STRONG.secret());
        }

        assertThat(ids).hasSize(100_000).allMatch(id -> id.matches("[A-Za-z0-9_-]{24}"));
    }

    @Test
    void anotherPrincipalsSessionIsAnUnknownOne() {
        Session session = stage.begun("test");
        Caller bob = new Caller("bob", "scripted");
        Caller elsewhere = new Caller("ann", "another");

        for (Caller caller : new Caller[] {bob, elsewhere}) {
            isUnknown(sessions.find(caller, session.id()));
            isUnknown(sessions.close(caller, session.id()));
            isUnknown(sessions.accept(caller, session.id(), java.util.List.of(call(1)), "s"));
            isUnknown(stage.node("b").sessions().accept(caller, session.id(), java.util.List.of(call(1)), "s"));
        }
        isUnknown(sessions.find(ANN, "nobodys"));
        assertThat(await(stage.store.open(session.id()))).isEmpty();
    }

    @Test
    void anIntroductionThatTheUpstreamRefusesLeavesNoSession() {
        upstream.openFails(Ending.REFUSED);

        Future<Sessions.Begun> begun = sessions.begin(OWNER, "scripted", initialize("test"));

        eventually("refused", begun::failed);
        assertThat(sessions.held()).isZero();
        assertThat(await(stage.store.ids(null)).ids()).isEmpty();
    }

    @Test
    void aLegacySessionIsIntroducedOnItsOwnStream() {
        Session session = await(sessions.open(LEGACY, "scripted"));

        await(sessions.accept(ANN, session.id(), java.util.List.of(initialize("cursor")), session.stream()));

        eventually("answered", () -> !stage.stream(session, null).isEmpty());
        assertThat(stage.stream(session, null)).extracting(Event::type).containsExactly(Sessions.ANSWER);
        Session introduced = await(sessions.find(ANN, session.id()));
        assertThat(introduced.opening().clientName()).isEqualTo("cursor");
        assertThat(introduced.link().isOpen()).isTrue();
    }

    @Test
    void anIntroductionOnTheOldTransportThatIsRefusedIsAnsweredSo() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        upstream.openRefuses();

        await(sessions.accept(ANN, session.id(), java.util.List.of(initialize("cursor")), session.stream()));

        eventually("answered", () -> stage.stream(session, null).size() == 1);
        assertThat(stage.stream(session, null).get(0).data()).contains("not you");
        assertThat(await(sessions.find(ANN, session.id())).link().isOpen()).isFalse();
    }

    @Test
    void anIntroductionThatGetsLostIsAnsweredToo() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        upstream.openFails(Ending.LOST);

        await(sessions.accept(ANN, session.id(), java.util.List.of(initialize("cursor")), session.stream()));

        eventually("answered", () -> stage.stream(session, null).size() == 1);
        assertThat(stage.stream(session, null).get(0).data()).contains("-32011");
    }

    @Test
    void aRefusedIntroductionAtTheOtherDoorIsTheUpstreamsAnswer() {
        upstream.openRefuses();

        Sessions.Begun begun = await(sessions.begin(OWNER, "scripted", initialize("test")));

        assertThat(begun.session()).isEmpty();
        assertThat(begun.answer().text()).contains("not you");
    }

    @Test
    void aClientThatStillListensElsewhereHasNotComeBack() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        sessions.arrived(session);
        eventually(
                "arrived",
                () -> await(sessions.find(ANN, session.id())).presence().listening());
        NodeSessions other = stage.node("b").sessions();

        assertThat(await(other.returning(ANN, "10.0.0.1"))).isEmpty();
        for (Ending how : new Ending[] {Ending.NOT_SENT, Ending.LOST}) {
            stage.deafen("a", how);
            assertThat(await(other.returning(ANN, "10.0.0.1")))
                    .as("alive, %s", how)
                    .isEmpty();
        }
        sessions.left(session, null, CloseReason.CLIENT_LEFT);

        eventually(
                "come back",
                () -> await(other.returning(ANN, "10.0.0.1")).map(Session::id).equals(Optional.of(session.id())));
    }

    @Test
    void aClientThatListenedWhereNobodyIsHeardAnyMoreHasComeBack() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        sessions.arrived(session);
        eventually(
                "arrived",
                () -> await(sessions.find(ANN, session.id())).presence().listening());

        stage.silence("a");

        assertThat(await(stage.node("b").sessions().returning(ANN, "10.0.0.1"))).isPresent();
    }

    @Test
    void whatIsAskedDuringTheIntroductionWaitsForIt() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        upstream.holdOpening();
        await(sessions.accept(ANN, session.id(), java.util.List.of(initialize("cursor")), session.stream()));

        await(sessions.accept(ANN, session.id(), java.util.List.of(request(1, "ping")), session.stream()));
        upstream.goOnOpening();

        eventually("both are answered", () -> stage.stream(session, null).size() == 2);
        assertThat(upstream.opened()).isEqualTo(1);
    }

    @Test
    void aClientThatNeverSaidWhoItIsIsIntroducedAsTheOneBeforeIt() {
        Session before = await(sessions.open(LEGACY, "scripted"));
        await(sessions.accept(ANN, before.id(), java.util.List.of(initialize("cursor")), before.stream()));
        eventually("introduced", () -> upstream.opened() == 1);
        Session session = await(sessions.open(LEGACY, "scripted"));

        await(sessions.accept(ANN, session.id(), java.util.List.of(call(3)), session.stream()));

        eventually("answered", () -> stage.stream(session, null).size() == 1);
        assertThat(stage.stream(session, null).get(0).data()).contains("\"turn\":1");
        eventually(
                "remembered",
                () -> "cursor"
                        .equals(await(sessions.find(ANN, session.id()))
                                .opening()
                                .clientName()));
    }

    @Test
    void itIsNotIntroducedAsSomebodyElse() {
        Session listening = await(sessions.open(LEGACY, "scripted"));
        Session.Owner keyed = new Session.Owner("ann", Session.Transport.LEGACY, "10.0.0.1", "desk-7");
        Session withKey = await(sessions.open(keyed, "scripted"));
        for (Session other : java.util.List.of(listening, withKey)) {
            await(sessions.accept(ANN, other.id(), java.util.List.of(initialize("cursor")), other.stream()));
        }
        sessions.arrived(listening);
        eventually(
                "listening",
                () -> await(sessions.find(ANN, listening.id())).presence().listening());
        eventually("introduced", () -> upstream.opened() == 2);

        for (Session.Owner owner :
                java.util.List.of(LEGACY, new Session.Owner("ann", Session.Transport.LEGACY, "10.0.0.1", "desk-8"))) {
            Session session = await(sessions.open(owner, "scripted"));
            await(sessions.accept(ANN, session.id(), java.util.List.of(call(3)), session.stream()));
            eventually(
                    "introduced by the gateway",
                    () -> "lifeline"
                            .equals(await(sessions.find(ANN, session.id()))
                                    .opening()
                                    .clientName()));
        }
    }

    @Test
    void aClientThatComesBackWithoutAWordIsKnownIfThereIsOneItCanBe() {
        Session first = await(sessions.open(LEGACY, "scripted"));
        sessions.arrived(first);
        eventually(
                "arrived",
                () -> await(sessions.find(ANN, first.id())).presence().listening());
        assertThat(await(sessions.returning(ANN, "10.0.0.1"))).isEmpty();

        sessions.left(first, null, CloseReason.CLIENT_LEFT);

        eventually(
                "known again",
                () -> await(sessions.returning(ANN, "10.0.0.1"))
                        .map(Session::id)
                        .equals(Optional.of(first.id())));
        assertThat(await(sessions.returning(ANN, "10.0.0.2"))).isEmpty();
        assertThat(await(sessions.returning(new Caller("bob", "scripted"), "10.0.0.1")))
                .isEmpty();

        Session second = await(sessions.open(LEGACY, "scripted"));
        sessions.arrived(second);
        eventually(
                "arrived",
                () -> await(sessions.find(ANN, second.id())).presence().listening());
        sessions.left(second, null, CloseReason.CLIENT_LEFT);
        eventually(
                "two it could be",
                () -> await(sessions.returning(ANN, "10.0.0.1")).isEmpty());
    }

    @Test
    void aClientWhoseNodeDiedIsKnownAgainToo() {
        Session session = await(sessions.open(LEGACY, "scripted"));
        sessions.arrived(session);
        eventually(
                "arrived",
                () -> await(sessions.find(ANN, session.id())).presence().listening());
        NodeSessions survivor = stage.node("b").sessions();

        stage.kill("a");

        assertThat(await(survivor.returning(ANN, "10.0.0.1"))).isPresent();
    }

    @Test
    void aQuietClientIsNotAskedAnything() {
        Session session = stage.begun("Toolman");
        upstream.on("tools/call", (request, inbound) -> {
            inbound.received(message("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"}"), null);
            inbound.received(message("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}"), null);
            upstream.answer().accept(request, inbound);
        });

        stage.accept("a", session, "p1", call(7));

        assertThat(stage.outcome(session, "p1")).contains("\"turn\":1");
        assertThat(stage.asked()).containsExactly("tools/call", "answer", "answer");
    }

    @Test
    void aQuestionOfTheUpstreamsGoesWhereItCanHaveComeFrom() {
        Session session = stage.begun("test");
        sessions.arrived(session);
        eventually("listened to", () -> upstream.standing("u1") != null);
        upstream.on("tools/call", (request, inbound) -> {}, (request, inbound) -> {});
        var question = message("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\"}");

        await(upstream.standing("u1").received(question, null));
        stage.accept("a", session, "p1", call(1));
        await(upstream.standing("u1").received(question, null));
        stage.accept("a", session, "p2", call(2));
        await(upstream.standing("u1").received(question, null));

        assertThat(stage.stream(session, "p1")).hasSize(1);
        assertThat(stage.stream(session, null)).hasSize(2);
    }

    @Test
    void sessionsOfClientsThatKeepNoneAreUsedAgainButNeverByTwoAtOnce() {
        Session.Owner owner = new Session.Owner("ann", Session.Transport.SESSIONLESS, "10.0.0.1", null);
        Session first = await(sessions.borrow(owner, "scripted"));
        Session second = await(sessions.borrow(owner, "scripted"));
        sessions.giveBack(first);
        Session third = await(sessions.borrow(owner, "scripted"));
        Session bobs = await(
                sessions.borrow(new Session.Owner("bob", Session.Transport.SESSIONLESS, "10.0.0.1", null), "scripted"));

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(third.id()).isEqualTo(first.id());
        assertThat(bobs.id()).isNotEqualTo(first.id());
        assertThat(upstream.opened()).isEqualTo(3);
    }

    @Test
    void aServerMessageGoesToOneSessionOrToAll() {
        Session first = stage.begun("test");
        Session second = stage.begun("test");

        await(sessions.tell(first.id(), notification("notifications/message")));
        assertThat(await(sessions.tellAll(notification("notifications/tools/list_changed"))))
                .isEqualTo(2);

        assertThat(stage.stream(first, null)).hasSize(2);
        assertThat(stage.stream(second, null)).hasSize(1);
        isUnknown(sessions.tell("nobodys", notification("notifications/message")));
    }

    @Test
    void aClosedSessionIsOverAndItsUpstreamIsTold() {
        Session session = stage.begun("test");
        upstream.on("tools/call", (request, inbound) -> {});
        stage.accept("a", session, "p1", call(1));

        await(sessions.close(ANN, session.id()));

        isUnknown(sessions.accept(ANN, session.id(), java.util.List.of(request(2, "ping")), "s"));
        assertThat(upstream.closed()).contains("u1");
        assertThat(sessions.held()).isZero();
    }
}
