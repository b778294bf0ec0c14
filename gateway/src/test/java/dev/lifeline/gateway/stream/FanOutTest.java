package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How readers of one loop are served together, and at what pace. */
class FanOutTest {

    private final Stage stage = new Stage();

    private Listener costing(long micros) {
        Listener listener = stage.listening();
        listener.onWrite = () -> stage.ticker.advance(micros, TimeUnit.MICROSECONDS);
        return listener;
    }

    /** Time passes, and nothing else happens. */
    private void rest() {
        stage.ticker.advance(1, TimeUnit.SECONDS);
    }

    @Test
    void aLoneReaderIsServedInTheVeryNextTurn() {
        Listener listener = costing(10);
        rest();

        stage.publish("a");
        assertThat(stage.loop.turn()).isTrue();

        assertThat(listener.heard).containsExactly("a");
    }

    @Test
    void aLoneReaderIsServedAtOnceHoweverMuchTheLastTimeCost() {
        Listener listener = costing(1_000);
        rest();

        stage.publish("a");
        stage.loop.turn();
        stage.publish("b");
        stage.loop.turn();

        assertThat(listener.heard).containsExactly("a", "b");
        assertThat(stage.loop.longestWait()).isZero();
    }

    @Test
    void aBurstIsOneTurnAndOneWrite() {
        Listener listener = costing(10);
        rest();

        stage.publish("a");
        stage.publish("b");
        stage.publish("c");
        assertThat(stage.loop.waiting()).isOne();
        stage.loop.turn();

        assertThat(listener.heard).containsExactly("a", "b", "c");
        assertThat(listener.writes).hasSize(1);
    }

    @Test
    void aCrowdUnderTrafficGetsItsEventsInBatches() {
        List<Listener> crowd = Stream.generate(() -> costing(5)).limit(50).toList();
        rest();

        for (int i = 0; i < 100; i++) {
            stage.publish("e" + i);
            stage.loop.turnAll();
            stage.ticker.advance(100, TimeUnit.MICROSECONDS);
        }
        stage.play();

        assertThat(crowd).allSatisfy(it -> {
            assertThat(it.heard).hasSize(100);
            assertThat(it.writes).hasSizeLessThan(10);
        });
    }

    @Test
    void nobodyWaitsLongerThanTheLongestWait() {
        costing(1_000);
        costing(1_000);
        rest();

        for (int i = 0; i < 10; i++) {
            stage.publish("e" + i);
            stage.loop.turn();
        }

        assertThat(stage.loop.longestWait()).isPositive().isLessThanOrEqualTo(FanOut.LONGEST_WAIT);
    }

    @Test
    void aWakeUpDuringAPassIsFollowedByAnotherPassAfterItsRest() {
        stage.listening();
        Listener listener = costing(100);
        rest();
        listener.onWrite = () -> {
            stage.ticker.advance(100, TimeUnit.MICROSECONDS);
            if (listener.heard.size() == 1) {
                // Served already, and woken by somebody else: as if from another thread.
                listener.full = true;
                stage.publish("b");
            }
        };

        stage.publish("a");
        stage.loop.turn();

        assertThat(stage.loop.turn()).isFalse();
        assertThat(stage.loop.waiting()).isOne();
        listener.drain();
        stage.play();
        assertThat(listener.heard).containsExactly("a", "b");
        assertThat(stage.loop.longestWait()).isEqualTo(TimeUnit.MICROSECONDS.toNanos(1500));
    }

    @Test
    void whoEndsDuringAPassTakesNobodyWithIt() {
        List<Listener> all = new ArrayList<>();
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Listener listener = new Listener();
            all.add(listener);
            subscriptions.add(stage.attach(listener, Start.TAIL));
        }
        stage.play();
        // One ends itself, another ends three who stand before, behind and beside it.
        all.get(7).onWrite = () -> subscriptions.get(7).close();
        all.get(5).onWrite =
                () -> List.of(1, 6, 9).forEach(other -> subscriptions.get(other).close());

        stage.publish("a");
        stage.play();
        stage.publish("b");
        stage.play();

        for (int stays : new int[] {0, 2, 3, 4, 5, 8}) {
            assertThat(all.get(stays).heard).containsExactly("at 0", "a", "b");
        }
        assertThat(all.get(7).heard).containsExactly("at 0", "a");
        assertThat(Collections.frequency(all.get(1).heard, "b")).isZero();
    }

    @Test
    void anOutletThatThrowsLosesItsSubscriptionAndNothingElseHappens() {
        Listener before = stage.listening();
        Listener broken = stage.listening();
        Listener after = stage.listening();
        broken.onWrite = () -> {
            throw new IllegalStateException("the carrier is gone");
        };

        stage.publish("a");
        stage.play();
        stage.publish("b");
        stage.play();

        assertThat(broken.broken).isTrue();
        assertThat(broken.heard).containsExactly("a");
        assertThat(before.heard).isEqualTo(after.heard).containsExactly("a", "b");
    }

    @Test
    void oneWhoseSocketNeverFillsDoesNotKeepTheOthersWaiting() {
        Stage large = new Stage(100_000, 1 << 26, Duration.ZERO, new LaterLog(100_000));
        Listener other = large.listening();
        // Served first: the last to come is.
        Listener greedy = large.listening();
        List<Integer> runsWhenOtherWasServed = new ArrayList<>();
        other.onWrite = () -> runsWhenOtherWasServed.add(greedy.writes.size());
        // While it is written to, more comes: as much as is taken.
        greedy.onWrite = () -> {
            if (greedy.writes.size() < 100) {
                large.publish("x".repeat(70_000));
            }
        };

        large.publish("x");
        large.play();

        assertThat(greedy.writes).hasSize(100);
        assertThat(runsWhenOtherWasServed.get(0)).isLessThan(100);
        assertThat(other.heard).isEqualTo(greedy.heard);
    }

    @Test
    void readersOfTwoLoopsAreServedEachOnTheirOwn() {
        ManualLoop second = new ManualLoop(stage.ticker);
        Listener here = stage.listening();
        Listener there = new Listener();
        stage.hub.attach(Stage.STREAM, Start.TAIL, there, second);
        second.turnAll();

        stage.publish("a");
        stage.play();
        assertThat(there.heard).containsExactly("at 0");
        rest();
        second.turnAll();

        assertThat(here.heard).containsExactly("a");
        assertThat(there.heard).containsExactly("at 0", "a");
    }
}
