package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The registry of readers: what is published, relayed, admitted and given up. */
class HubTest {

    private static final String STREAM = Stage.STREAM;

    private final Stage stage = new Stage();

    @Test
    void nothingIsDeliveredBeforeItIsKept() {
        Listener listener = stage.listening();
        stage.log.hold();

        Future<?> published = stage.hub.publish(STREAM, Stage.events("a"), null);
        stage.play();
        assertThat(published.isComplete()).isFalse();
        assertThat(listener.heard).isEmpty();
        stage.log.answer();
        stage.play();

        assertThat(published.succeeded()).isTrue();
        assertThat(listener.heard).containsExactly("a");
    }

    @Test
    void whatCouldNotBeKeptIsNotDeliveredAndThePublisherIsTold() {
        Listener listener = stage.listening();
        stage.log.hold();

        Future<?> published = stage.hub.publish(STREAM, Stage.events("a"), null);
        stage.log.refuse();
        stage.play();

        assertThat(published.failed()).isTrue();
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void aRepetitionIsAnsweredWithItsFirstPositionAndNotDeliveredAgain() {
        Listener listener = stage.listening();

        Future<?> first = stage.hub
                .publish(STREAM, Stage.events("a"), "key")
                .map(it -> it.first().sequence());
        Future<?> again = stage.hub
                .publish(STREAM, Stage.events("a"), "key")
                .map(it -> it.first().sequence());
        stage.play();

        assertThat(again.result()).isEqualTo(first.result());
        assertThat(listener.heard).containsExactly("a");
        assertThat(stage.counted).containsExactly("published 1", "deduplicated 1");
    }

    @Test
    void whatWasKeptWithoutOurHearingOfItIsDeliveredWhenItIsRepeated() {
        Listener listener = stage.listening();
        stage.log.elsewhere(STREAM, "key", Event.message("a"));

        stage.hub.publish(STREAM, Stage.events("a"), "key");
        stage.play();

        assertThat(listener.heard).containsExactly("a");
    }

    @Test
    void aLogIsToldHowFarAStreamHadComeThatHasNoReadersHere() {
        stage.publish("a");
        assertThat(stage.log.known()).isNull();
        Appended two = stage.publish("b", "c");

        stage.publish("d");

        assertThat(stage.log.known()).isEqualTo(two.first().successor());
    }

    @Test
    void itIsToldSoAfterTheLastReaderHasLeftToo() {
        Subscription reader = stage.attach(new Listener(), Start.TAIL);
        stage.play();
        Cursor last = stage.publish("a").first();
        reader.close();
        stage.hub.checkPositions();
        assertThat(stage.hub.streams()).isZero();

        stage.publish("b");

        assertThat(stage.log.known()).isEqualTo(last);
    }

    @Test
    void ofAStreamThatWasRemovedNothingIsRemembered() {
        stage.publish("a");

        stage.hub.remove(STREAM);
        stage.publish("b");

        assertThat(stage.log.known()).isNull();
    }

    @Test
    void onlyOtherNodesAreRelayedTo() {
        SimulatedLog log = new SimulatedLog(new Random(1), 10, new History());
        List<String> relayed = new ArrayList<>();
        Relay relay = (nodes, stream, first, events) -> relayed.add(nodes + " " + first.sequence());
        Hub hub = new Hub(log.node("a"), relay, GatewayMetrics.NONE, new Hub.Settings("a", 9, 99, Duration.ZERO));
        log.node("a").attach(STREAM, null);
        log.node("b").attach(STREAM, null);

        hub.publish(STREAM, Stage.events("x"), null);
        while (!log.isIdle()) {
            log.step();
        }

        assertThat(relayed).containsExactly("[b] 1");
    }

    @Test
    void aCrowdThatComesAtOnceAsksTheLogOnce() {
        stage.log.hold();
        List<Listener> crowd = Stream.generate(Listener::new).limit(100).toList();

        crowd.forEach(listener -> stage.attach(listener, Start.TAIL));
        stage.log.answerAll();
        stage.play();

        assertThat(stage.log.asked("attach")).isOne();
        assertThat(crowd).allSatisfy(it -> assertThat(it.heard).containsExactly("at 0"));
    }

    @Test
    void aStreamThatCouldNotBeOpenedIsOpenedByTheNextCheck() {
        stage.log.hold();
        Listener listener = new Listener();
        stage.attach(listener, Start.TAIL);
        stage.log.refuse();
        stage.play();
        assertThat(listener.heard).isEmpty();

        stage.log.answerAll();
        stage.hub.checkPositions();
        stage.play();

        assertThat(listener.heard).containsExactly("at 0");
    }

    @Test
    void aStreamNobodyAttendsLingersAndIsThenGivenUp() {
        Stage lingering = new Stage(10, 1000, Duration.ofDays(1), new LaterLog(10));
        lingering.attach(new Listener(), Start.TAIL).close();
        Subscription stays = stage.attach(new Listener(), Start.TAIL);

        lingering.hub.checkPositions();
        stage.hub.checkPositions();
        assertThat(lingering.hub.streams()).isOne();
        assertThat(stage.hub.streams()).isOne();
        stays.close();
        stage.hub.checkPositions();

        assertThat(stage.hub.streams()).isZero();
        assertThat(stage.log.calls()).endsWith("detach");
    }

    @Test
    void whenSpaceIsShortNoRingOutlivesItsReaders() {
        Hub hub = new Hub(
                stage.log,
                Relay.NOWHERE,
                GatewayMetrics.NONE,
                new Hub.Settings("here", 100, 1 << 20, Duration.ofDays(1), 1000));
        Subscription subscription = hub.attach(STREAM, Start.TAIL, new Listener(), stage.loop);
        hub.publish(STREAM, Stage.events("a"), null);
        subscription.close();
        assertThat(hub.ringBytes()).isPositive();

        hub.checkPositions();

        assertThat(hub.streams()).isZero();
        assertThat(hub.ringBytes()).isZero();
    }

    @Test
    void whoComesWhileTheStreamIsGivenUpIsStillHeardOf() {
        stage.attach(new Listener(), Start.TAIL).close();
        stage.log.hold();
        stage.hub.checkPositions();

        Listener successor = new Listener();
        stage.attach(successor, Start.TAIL);
        stage.log.answerAll();
        stage.play();
        stage.publish("a");
        stage.play();

        assertThat(successor.heard).containsExactly("at 0", "a");
        assertThat(stage.log.calls()).containsSubsequence("detach", "attach", "attach");
    }

    @Test
    void anAnswerThatComesAfterTheStreamWasGivenUpDoesNoHarm() {
        stage.log.hold();
        stage.attach(new Listener(), Start.TAIL).close();
        stage.hub.checkPositions();
        stage.log.answerAll();
        stage.hub.deliver(STREAM, stage.log.elsewhere(STREAM, Event.message("a")), Stage.events("a"));
        stage.play();

        assertThat(stage.hub.streams()).isZero();
        assertThat(stage.hub.ringBytes()).isZero();
    }

    @Test
    void aRingThatIsFilledWhileItsStreamIsGivenUpKeepsNothing() {
        Cursor first = stage.log.elsewhere(STREAM, Event.message("a"), Event.message("b"));
        Subscription tail = stage.attach(new Listener(), Start.TAIL);
        Subscription back = stage.attach(new Listener(), new Start(Start.Kind.AFTER, first));
        stage.log.hold();
        stage.play();
        tail.close();
        back.close();
        LaterLog log = stage.log;
        stage.hub.checkPositions();

        log.answerAll();
        stage.play();

        assertThat(stage.hub.streams()).isZero();
    }

    @Test
    void theRingsAreMeasured() {
        assertThat(stage.hub.ringUtilization()).isZero();
        assertThat(stage.hub.checkPositions().succeeded()).isTrue();
        stage.listening();

        stage.publish(Stage.numbers(1, 500));

        assertThat(stage.hub.ringUtilization()).isEqualTo(0.5);
        assertThat(stage.hub.ringBytes()).isPositive();
    }

    @Test
    void aRoundOfChecksLeavesTheWayToTheLogFree() {
        for (int i = 0; i < 1000; i++) {
            stage.hub.attach("stream " + i, Start.TAIL, new Listener(), stage.loop);
        }
        stage.play();
        stage.log.hold();

        Future<Void> round = stage.hub.checkPositions();
        assertThat(stage.log.heldBack()).isEqualTo(256);
        stage.log.refuse();
        assertThat(stage.log.heldBack()).isEqualTo(256);
        stage.log.answerAll();

        assertThat(round.succeeded()).isTrue();
        assertThat(stage.log.asked("attach")).isEqualTo(2000);
    }
}
