package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a node's part of a stream comes back to the log when it has missed something. The whole seam: {@link SeamTest}. */
class LocalStreamTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final Stage stage = new Stage();
    private final LaterLog log = stage.log;

    private Cursor elsewhere(String... data) {
        return log.elsewhere(Stage.STREAM, Stage.events(data).toArray(Event[]::new));
    }

    private void deliver(Cursor first, String... data) {
        stage.hub.deliver(Stage.STREAM, first, Stage.events(data));
    }

    @Test
    void whatNobodyRelayedIsFoundByThePositionCheck() {
        Listener listener = stage.listening();
        elsewhere("a", "b");

        stage.hub.checkPositions();
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b");
    }

    @Test
    void aDeliveryWithAHoleBeforeItIsReadFromTheLog() {
        Listener listener = stage.listening();
        elsewhere("a");
        Cursor second = elsewhere("b");

        deliver(second, "b");
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b");
    }

    @Test
    void whatIsKnownAlreadyOrOfAnEarlierLifeChangesNothing() {
        Listener listener = stage.listening();
        Cursor first = stage.publish("a", "b").first();

        deliver(first, "a", "b");
        deliver(new Cursor(first.epoch() - 1, 9), "old");
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b");
        assertThat(log.asked("read")).isZero();
    }

    @Test
    void aRunThatPartlyOverlapsAddsWhatIsNew() {
        Listener listener = stage.listening();
        Cursor first = stage.publish("a", "b").first();
        elsewhere("c");

        deliver(first.successor(), "b", "c");
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b", "c");
        assertThat(log.asked("read")).isZero();
    }

    @Test
    void whatCameEarlyIsTakenInWithoutASecondReading() {
        Listener listener = stage.listening();
        elsewhere("a");
        Cursor second = elsewhere("b");
        log.hold();
        deliver(second, "b");
        Cursor third = elsewhere("c");

        deliver(third, "c");
        log.answer();
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b", "c");
        assertThat(log.asked("read")).isOne();
    }

    @Test
    void whatCameEarlyFollowsAsSoonAsWhatItFollowsIsDelivered() {
        Listener listener = stage.listening();
        Cursor first = elsewhere("a");
        log.hold();

        deliver(first.successor(), "b");
        deliver(first, "a");
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b");
    }

    @Test
    void whatNoLogEverHeldIsNotReadForAgainAndAgain() {
        Listener listener = stage.listening();
        Cursor first = stage.publish("a").first();
        log.hold();
        deliver(first.plus(7), "from nowhere");
        deliver(first.plus(9), "from nowhere");

        while (log.heldBack() > 0) {
            log.answer();
        }
        stage.play();

        assertThat(log.asked("read")).isEqualTo(2);
        assertThat(listener.heard).containsExactly("a");
    }

    @Test
    void readersAreServedAfterEveryPageAndNotAfterTheLast() {
        Listener listener = stage.listening();
        elsewhere(Stage.numbers(1, 900));
        log.hold();
        stage.hub.checkPositions();
        log.answer();

        log.answer();
        stage.play();

        assertThat(listener.heard).hasSize(512);
        assertThat(log.heldBack()).isOne();
    }

    @Test
    void aReadingThatFailsIsMadeGoodByTheNextCheck() {
        Listener listener = stage.listening();
        elsewhere("a");
        log.hold();
        deliver(elsewhere("b"), "b");
        log.refuse();
        stage.play();
        assertThat(listener.heard).isEmpty();

        log.answerAll();
        stage.hub.checkPositions();
        stage.play();

        assertThat(listener.heard).containsExactly("a", "b");
    }

    @Test
    void aReaderThatWaitsForALogOutOfReachIsWokenWhenItIsBack() {
        Stage small = new Stage(1, 1, DAY, log);
        Cursor first = elsewhere("a", "b", "c");
        log.hold();
        Listener listener = new Listener();
        small.attach(listener, new Start(Start.Kind.AFTER, first));
        while (log.heldBack() > 0) {
            log.refuse();
            small.play();
        }
        assertThat(listener.heard).isEmpty();

        log.answerAll();
        small.hub.checkPositions();
        small.play();

        assertThat(listener.heard).containsExactly("b", "c");
    }

    @Test
    void theFirstToComeBackBringsTheLogIntoTheRingForTheOthers() {
        Cursor first = elsewhere("a", "b", "c");
        stage.listening();

        Listener one = new Listener();
        stage.attach(one, new Start(Start.Kind.AFTER, first));
        stage.play();
        Listener two = new Listener();
        stage.attach(two, new Start(Start.Kind.AFTER, first));
        stage.play();

        assertThat(one.heard).isEqualTo(two.heard).containsExactly("b", "c");
        assertThat(log.asked("read")).isOne();
        assertThat(stage.counted).containsExactly("miss", "hit");
    }

    @Test
    void whatIsDeliveredWhileTheRingIsFilledFromTheLogIsNotHeldUpUntilTheNextCheck() {
        Cursor first = elsewhere("a", "b");
        Listener live = stage.listening();
        log.hold();
        Listener back = new Listener();
        stage.attach(back, new Start(Start.Kind.AFTER, first));
        stage.play();
        deliver(elsewhere("c"), "c");
        stage.play();

        log.answer();
        Listener late = new Listener();
        stage.attach(late, Start.TAIL);
        stage.play();
        log.answerAll();
        stage.play();

        assertThat(back.heard).containsExactly("b", "c");
        assertThat(live.heard).containsExactly("c");
        assertThat(late.heard).containsExactly("at 3");
    }

    @Test
    void aRingThatCouldNotBeFilledIsFilledWhenTheLogIsBackAndNotBefore() {
        Cursor first = elsewhere("a", "b");
        stage.listening();
        log.hold();
        Listener back = new Listener();
        stage.attach(back, new Start(Start.Kind.AFTER, first));
        stage.play();
        log.refuse();
        stage.play();
        assertThat(log.asked("read")).isEqualTo(2);
        log.refuse();
        stage.play();
        assertThat(log.asked("read")).isEqualTo(2);

        log.answerAll();
        stage.hub.checkPositions();
        stage.play();
        long readUntilFilled = log.asked("read");
        Listener next = new Listener();
        stage.attach(next, new Start(Start.Kind.AFTER, first));
        stage.play();

        assertThat(back.heard).containsExactly("b");
        assertThat(next.heard).containsExactly("b");
        assertThat(log.asked("read")).isEqualTo(readUntilFilled);
    }

    @Test
    void aVerdictThatWasOvertakenByDeliveriesDoesNotSetTheRingBack() {
        LaterLog shortLog = new LaterLog(3);
        Stage small = new Stage(1000, 1 << 20, DAY, shortLog);
        Listener listener = small.listening();
        Cursor first = null;
        for (String data : Stage.numbers(1, 6)) {
            Cursor at = shortLog.elsewhere(Stage.STREAM, Event.message(data));
            first = first == null ? at : first;
        }
        shortLog.hold();
        small.hub.deliver(Stage.STREAM, first.plus(5), Stage.events("6"));
        small.hub.deliver(Stage.STREAM, first, Stage.events("1", "2", "3", "4", "5"));
        small.hub.deliver(
                Stage.STREAM, shortLog.elsewhere(Stage.STREAM, Event.message("7")), List.of(Event.message("7")));

        shortLog.answerAll();
        small.play();

        assertThat(listener.heard).containsExactly(Stage.numbers(1, 7));
        assertThat(small.counted).isEmpty();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aLongLogThatAnswersAtOnceDoesNotExhaustTheStack() throws InterruptedException {
        LaterLog longLog = new LaterLog(150_000);
        Stage large = new Stage(150_000, 1 << 26, DAY, longLog);
        Listener listener = large.listening();
        longLog.elsewhere(Stage.STREAM, Stage.events(Stage.numbers(1, 150_000)).toArray(Event[]::new));

        Thread shallow = new Thread(null, large.hub::checkPositions, "shallow", 200 * 1024);
        shallow.start();
        shallow.join();
        large.play();

        assertThat(listener.heard).hasSize(150_000);
    }
}
