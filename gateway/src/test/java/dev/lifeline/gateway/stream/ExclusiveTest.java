package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Subscription.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams with one reader, the newest. Over two nodes and in any order of things: {@link SeamTest}. */
class ExclusiveTest {

    private static final Terms EXCLUSIVE = new Terms(Framing.PLAIN, true);

    private final Stage stage = new Stage();
    private final Listener first = new Listener();
    private final Listener second = new Listener();

    private Subscription attach(Outlet outlet, Start start) {
        return stage.attach(EXCLUSIVE, outlet, start);
    }

    @Test
    void theNewestReaderHasItAndTheOneBeforeGetsNotAByteMore() {
        Subscription before = attach(first, Start.TAIL);
        stage.play();
        stage.publish("a");

        attach(second, Start.TAIL);
        assertThat(before.phase()).isEqualTo(Phase.CLOSED);
        stage.play();
        stage.publish("b");
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "superseded");
        assertThat(second.heard).containsExactly("at 1", "b");
    }

    @Test
    void nothingIsWrittenBeforeTheLogHasGivenThePlace() {
        stage.log.hold();
        attach(first, Start.OLDEST);
        stage.log.answerAll();
        stage.play();
        stage.log.hold();
        stage.hub.publish(Stage.STREAM, Stage.events("a"), null);
        attach(second, new Start(Start.Kind.AFTER, new Cursor(1, 0)));
        stage.log.answer();
        stage.play();
        assertThat(second.heard).isEmpty();

        stage.log.answerAll();
        stage.play();

        assertThat(second.heard).containsExactly("epoch to 0", "a");
    }

    @Test
    void aReaderWhoHeardMoreThanTheLogHasBeginsANewEpochAndHearsNothingTwice() {
        Cursor a = stage.publish("a").first();

        attach(first, new Start(Start.Kind.AFTER, a.plus(2)));
        stage.play();
        Appended next = stage.publish("b");
        stage.play();

        assertThat(next.first().epoch()).isGreaterThan(a.epoch());
        assertThat(first.heard).containsExactly("epoch to 0", "b");
    }

    @Test
    void theFirstReaderOfAStreamNobodyElseKnowsIsServedWithoutAskingTheLogAnything() {
        attach(first, Start.FIRST);

        stage.publish("a");
        stage.publish("b");
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a", "b");
        assertThat(stage.log.asked("attach")).isZero();
        assertThat(stage.log.asked("read")).isZero();
    }

    @Test
    void theFirstReaderThatIsMadeKnownWhileItsFirstEventIsOnItsWayAsksForNothingTwice() {
        Subscription reader = attach(first, Start.FIRST);
        stage.log.hold();
        stage.hub.publish(Stage.STREAM, Stage.events("a"), null);
        reader.claim();

        stage.log.answerNewest();
        stage.play();
        stage.log.answerAll();
        stage.play();
        stage.publish("b");
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a", "b");
        assertThat(stage.log.asked("attach")).isEqualTo(1);
        assertThat(stage.log.asked("read")).isZero();
    }

    @Test
    void theFirstReaderThatMissedTheBeginningAsksTheLogForIt() {
        attach(first, Start.FIRST);
        stage.log.elsewhere(Stage.STREAM, Event.message("a"));

        stage.publish("b");
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a", "b");
    }

    @Test
    void theFirstReaderClaimsItsPlaceAndGoesOnReading() {
        Subscription reader = attach(first, Start.FIRST);
        stage.publish("a");
        stage.log.hold();

        reader.claim();
        stage.hub.publish(Stage.STREAM, Stage.events("b"), null);
        stage.log.answerAll();
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a", "b");
        assertThat(stage.log.asked("attach")).isPositive();
    }

    @Test
    void theFirstReaderGivesWayToOneWhoCameBeforeItClaimed() {
        Subscription reader = attach(first, Start.FIRST);
        stage.publish("a");
        stage.play();
        attach(second, new Start(Start.Kind.AFTER, new Cursor(1, 1)));

        reader.claim();
        stage.publish("b");
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a", "superseded");
        assertThat(second.heard).contains("b");
    }

    @Test
    void aNewStreamIsReadFromItsBeginningWithoutReadingTheLog() {
        stage.log.hold();
        attach(first, Start.OLDEST);
        stage.hub.publish(Stage.STREAM, Stage.events("a"), null);

        stage.log.answerAll();
        stage.play();

        assertThat(first.heard).containsExactly("at 0", "a");
        assertThat(stage.log.asked("read")).isZero();
    }

    @Test
    void whileTheLogIsAwayTheReaderWaitsAndGoesOnWhenItIsBack() {
        stage.log.hold();
        Subscription subscription = attach(first, Start.TAIL);
        stage.log.refuse();
        stage.play();
        assertThat(first.heard).isEmpty();
        assertThat(subscription.phase()).isEqualTo(Phase.REPLAYING);

        stage.hub.checkPositions();
        stage.log.refuse();
        stage.log.answerAll();
        stage.hub.checkPositions();
        stage.play();

        assertThat(first.heard).containsExactly("at 0");
    }

    @Test
    void aReaderOnAnotherThreadIsHeldBackAtOnceAndToldThere() {
        ManualLoop other = new ManualLoop(stage.ticker) {
            @Override
            public boolean inEventLoop(Thread thread) {
                return false;
            }
        };
        Subscription before = stage.hub.attach(Stage.STREAM, EXCLUSIVE, Start.TAIL, first, other);
        other.turnAll();
        stage.publish("a");

        attach(second, Start.TAIL);
        assertThat(before.phase()).isEqualTo(Phase.LIVE);
        other.turnAll();

        assertThat(first.heard).containsExactly("at 0", "superseded");
    }

    @Test
    void anOutletThatThrowsWhenItIsSupersededDoesNotHarmTheNewcomer() {
        attach(first, Start.TAIL);
        first.onEnd = () -> {
            throw new IllegalStateException("the carrier is gone");
        };

        attach(second, Start.TAIL);
        stage.play();

        assertThat(first.broken).isTrue();
        assertThat(second.heard).containsExactly("at 0");
    }

    @Test
    void aReaderThatLeavesKeepsThePlaceWarmForAWhile() {
        Stage lingering = new Stage(10, 1000, Duration.ofDays(1), new LaterLog(10));
        lingering.attach(EXCLUSIVE, first, Start.TAIL).close();
        lingering.play();

        Appended appended = lingering.publish("a");
        lingering.hub.checkPositions();
        lingering.attach(
                EXCLUSIVE, second, new Start(Start.Kind.AFTER, appended.first().plus(-1)));
        lingering.play();

        assertThat(appended.nodes()).containsExactly("here");
        assertThat(second.heard).containsExactly("a");
        assertThat(lingering.log.asked("read")).isZero();
    }

    @Test
    void aReaderThatLeftBeforeTheLogGaveItThePlaceIsNotClaimedForAgain() {
        stage.log.hold();
        attach(first, Start.TAIL).close();
        stage.log.refuse();

        Stage lingering = new Stage(10, 1000, Duration.ofDays(1), stage.log);
        lingering.attach(EXCLUSIVE, second, Start.TAIL).close();
        stage.log.refuse();
        lingering.hub.checkPositions();

        assertThat(stage.log.asked("attach")).isEqualTo(2);
    }

    /** Two hubs on one log, and a bus between them that carries when it is told to. */
    private static final class Two {

        private final SimulatedLog log = new SimulatedLog(new Random(1), 100, new History());
        private final List<Runnable> bus = new ArrayList<>();
        private final Stage loops = new Stage();
        private final Hub a = hub("a");
        private final Hub b = hub("b");

        private Hub hub(String name) {
            Relay relay = new Relay() {
                @Override
                public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
                    nodes.forEach(node -> bus.add(() -> of(node).deliver(stream, first, events)));
                }

                @Override
                public void nudge(List<String> nodes, String stream) {
                    nodes.forEach(node -> bus.add(() -> of(node).checkPosition(stream)));
                }
            };
            return new Hub(
                    log.node(name),
                    relay,
                    GatewayMetrics.NONE,
                    new Hub.Settings(name, 10, 1 << 20, Duration.ofDays(1)));
        }

        private Hub of(String node) {
            return node.equals("a") ? a : b;
        }

        private void attach(Hub hub, Outlet outlet) {
            hub.attach(Stage.STREAM, EXCLUSIVE, Start.TAIL, outlet, loops.loop);
            settle();
        }

        private void settle() {
            while (log.step()) {
                loops.play();
            }
            loops.play();
        }

        private void carry() {
            while (!bus.isEmpty()) {
                bus.remove(0).run();
                settle();
            }
        }
    }

    @Test
    void aNodeThatLostThePlaceIsToldByTheOneThatTookIt() {
        Two two = new Two();
        two.attach(two.a, first);
        two.attach(two.b, second);
        assertThat(first.heard).containsExactly("at 0");

        two.carry();

        assertThat(first.heard).containsExactly("at 0", "superseded");
        assertThat(two.a.streams()).isZero();
        assertThat(second.heard).containsExactly("at 0");
    }

    @Test
    void aNodeThatLostThePlaceDoesNotDeliverWhatIsPublishedThereAndFindsOut() {
        Two two = new Two();
        two.attach(two.a, first);
        two.attach(two.b, second);
        two.bus.clear();

        two.a.publish(Stage.STREAM, Stage.events("x"), null);
        two.settle();
        two.carry();

        assertThat(first.heard).containsExactly("at 0", "superseded");
        assertThat(second.heard).containsExactly("at 0", "x");
    }

    @Test
    void aNodeThatLostThePlaceAndReadsTheLogFindsOutAndWritesNothing() {
        Two two = new Two();
        two.attach(two.a, first);
        two.attach(two.b, second);
        two.bus.clear();
        two.b.publish(Stage.STREAM, Stage.events("x", "y"), null);
        two.settle();

        // A hint with a hole before it makes it read.
        two.a.deliver(Stage.STREAM, two.log.tail(), Stage.events("y"));
        two.settle();

        assertThat(first.heard).containsExactly("at 0", "superseded");
        assertThat(second.heard).containsExactly("at 0", "x", "y");
    }
}
