package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Subscription.Phase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One reader's phases, and where it begins. */
class SubscriptionTest {

    private final Stage stage = new Stage();
    private final Listener listener = new Listener();

    private Cursor elsewhere(String... data) {
        return stage.log.elsewhere(Stage.STREAM, Stage.events(data).toArray(Event[]::new));
    }

    private Subscription attach(Start start) {
        Subscription subscription = stage.attach(listener, start);
        stage.play();
        return subscription;
    }

    @Test
    void aNewcomerBeginsWithWhatComesAndIsToldWhereItStands() {
        elsewhere("a", "b");

        Subscription subscription = attach(Start.TAIL);
        stage.publish("c");
        stage.play();

        assertThat(listener.heard).containsExactly("at 2", "c");
        assertThat(subscription.phase()).isEqualTo(Phase.LIVE);
        assertThat(subscription.cursor().sequence()).isEqualTo(3);
    }

    @Test
    void whoWantsEverythingBeginsWithTheOldest() {
        elsewhere("a", "b");

        attach(Start.OLDEST);

        assertThat(listener.heard).containsExactly("at 0", "a", "b");
    }

    @Test
    void whoNamesAPositionBeginsRightAfterIt() {
        Cursor first = elsewhere("a", "b", "c");

        attach(Start.after(first.toString()));

        assertThat(listener.heard).containsExactly("b", "c");
        assertThat(stage.counted).containsExactly("miss");
    }

    @Test
    void whoNamesNonsenseIsToldSoAndBeginsWithTheOldest() {
        elsewhere("a");

        attach(Start.after("nonsense"));

        assertThat(listener.heard).containsExactly("unknown to 0", "a");
        assertThat(stage.counted).containsExactly("gap unknown");
    }

    @Test
    void whoNamesAPositionNobodyReachedIsToldSo() {
        Cursor first = elsewhere("a");

        attach(new Start(Start.Kind.AFTER, first.plus(10)));

        assertThat(listener.heard).containsExactly("unknown to 0", "a");
    }

    @Test
    void whoNamesAnotherLifeIsToldSo() {
        Cursor first = elsewhere("a");

        attach(new Start(Start.Kind.AFTER, new Cursor(first.epoch() - 1, 5)));

        assertThat(listener.heard).containsExactly("epoch to 0", "a");
    }

    @Test
    void whoMissedMoreThanIsKeptIsToldSo() {
        Stage small = new Stage(10, 10_000, Duration.ZERO, new LaterLog(2));
        Cursor first = small.log.elsewhere(
                Stage.STREAM, Stage.events("a", "b", "c", "d").toArray(Event[]::new));

        small.attach(listener, new Start(Start.Kind.AFTER, first));
        small.play();

        assertThat(listener.heard).containsExactly("evicted to 2", "c", "d");
    }

    @Test
    void aFullSocketMakesItLagAndADrainedOneBringsItBack() {
        Subscription subscription = attach(Start.TAIL);
        listener.full = true;
        stage.publish("a");
        stage.play();
        assertThat(subscription.phase()).isEqualTo(Phase.LAGGING);
        stage.publish("b");
        stage.play();
        assertThat(listener.heard).containsExactly("at 0");

        listener.drain();
        stage.play();

        assertThat(listener.heard).containsExactly("at 0", "a", "b");
        assertThat(subscription.phase()).isEqualTo(Phase.LIVE);
        assertThat(stage.counted).contains("lagged");
    }

    @Test
    void aSocketThatDrainsAfterTheEndResumesNothing() {
        Subscription subscription = attach(Start.TAIL);
        listener.full = true;
        stage.publish("a");
        stage.play();

        subscription.close();
        subscription.close();
        listener.drain();
        stage.play();

        assertThat(subscription.phase()).isEqualTo(Phase.CLOSED);
        assertThat(listener.heard).containsExactly("at 0");
    }

    @Test
    void itIsReplayingUntilTheLogHasAnswered() {
        Cursor first = elsewhere("a", "b");
        stage.log.hold();

        Subscription subscription = attach(new Start(Start.Kind.AFTER, first));
        assertThat(subscription.phase()).isEqualTo(Phase.REPLAYING);
        stage.log.answerAll();
        stage.play();

        assertThat(subscription.phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void anAnswerOfTheLogThatComesAfterTheEndIsNotWritten() {
        elsewhere("a");
        Subscription subscription = stage.attach(listener, Start.OLDEST);
        stage.log.hold();
        stage.play();

        subscription.close();
        stage.log.answerAll();
        stage.play();

        assertThat(listener.heard).isEmpty();
    }

    @Test
    void whoEndsAtTheVerdictGetsNothingAfterIt() {
        elsewhere("a");
        Subscription subscription = stage.attach(listener, Start.after("nonsense"));
        listener.onGap = subscription::close;

        stage.play();

        assertThat(listener.heard).containsExactly("unknown to 0");
    }

    @Test
    void anOutletThatThrowsAtTheVerdictIsDropped() {
        elsewhere("a");
        Subscription subscription = stage.attach(listener, Start.after("nonsense"));
        listener.onGap = () -> {
            throw new IllegalStateException("the carrier is gone");
        };

        stage.play();

        assertThat(subscription.phase()).isEqualTo(Phase.CLOSED);
        assertThat(listener.broken).isTrue();
    }

    @Test
    void whoReadsFromTheLogGetsNoMoreAtOnceThanASocketShouldHaveWaiting() {
        Stage small = new Stage(1, 1, Duration.ZERO, new LaterLog(1000));
        String large = "x".repeat(50_000);
        Cursor first = small.log.elsewhere(
                Stage.STREAM, Collections.nCopies(40, Event.message(large)).toArray(Event[]::new));

        small.attach(listener, new Start(Start.Kind.AFTER, first));
        small.play();

        assertThat(listener.heard).hasSize(39);
        assertThat(listener.writes).allMatch(bytes -> bytes <= Subscription.PAGE_BYTES);
    }

    @Test
    void aLastEventIdIsAPositionOrItIsNot() {
        Start known = Start.after("a-5");
        Start unknown = Start.after("5");

        assertThat(known).isEqualTo(new Start(Start.Kind.AFTER, new Cursor(10, 5)));
        assertThat(List.of(unknown.kind(), Start.after("").kind())).containsOnly(Start.Kind.UNKNOWN);
        assertThat(unknown.cursor()).isNull();
    }
}
