package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Subscription.Phase;
import dev.lifeline.wire.SseEncoder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Streams with a framing of their own, with a last event, and streams that are removed. */
class FiniteTest {

    private static final Duration DAY = Duration.ofDays(1);

    /** Writes a star behind each event; the one that says so is the last. */
    private static final Framing STARRED = new Framing() {
        @Override
        public byte[] encode(Cursor at, Event event) {
            return SseEncoder.named(at.toString(), Event.message(event.data() + "*"));
        }

        @Override
        public boolean isLast(Event event) {
            return event.data().equals("last");
        }
    };

    private static final Terms FINITE = new Terms(STARRED, false);

    private final Stage stage = new Stage(10, 1 << 20, DAY, new LaterLog(100));
    private final Listener listener = new Listener();

    private Subscription attach(Start start) {
        Subscription subscription = stage.attach(FINITE, listener, start);
        stage.play();
        return subscription;
    }

    private Cursor elsewhere(String... data) {
        return stage.log.elsewhere(Stage.STREAM, Stage.events(data).toArray(Event[]::new));
    }

    @Test
    void eventsAreWrittenInTheFramingOfTheirStreamFromTheRingAndFromTheLog() {
        Cursor first = elsewhere("a", "b");
        Stage tiny = new Stage(1, 1, DAY, stage.log);

        attach(new Start(Start.Kind.AFTER, first));
        Listener fromLog = new Listener();
        tiny.attach(FINITE, fromLog, Start.OLDEST);
        tiny.play();

        assertThat(listener.heard).containsExactly("b*");
        assertThat(fromLog.heard).containsExactly("at 0", "a*", "b*");
    }

    @Test
    void whoHasTheLastEventIsToldOnceAndTheStreamIsGivenUpAtOnce() {
        Subscription subscription = attach(Start.OLDEST);

        stage.publish("a", "last");
        stage.play();

        assertThat(listener.heard).containsExactly("at 0", "a*", "last*", "finished");
        assertThat(subscription.phase()).isEqualTo(Phase.CLOSED);
        assertThat(stage.hub.streams()).isZero();
        assertThat(stage.log.calls()).endsWith("detach");
        stage.hub.checkPositions();
        assertThat(stage.log.asked("attach")).isOne();
    }

    @Test
    void whoComesBackWithTheLastEventIsToldAtOnceAlsoOnANodeThatNeverSawIt() {
        Cursor last = elsewhere("a", "last").plus(1);

        attach(new Start(Start.Kind.AFTER, last));

        assertThat(listener.heard).containsExactly("finished");
        assertThat(stage.hub.streams()).isZero();
    }

    @Test
    void whoBeginsAtTheEndIsToldWhereThatIsAndThatItIsTheEnd() {
        elsewhere("a", "last");

        attach(Start.TAIL);

        assertThat(listener.heard).containsExactly("at 2", "finished");
    }

    @Test
    void theLogIsAskedOnceWhetherTheNewestEventWasTheLast() {
        Cursor first = elsewhere("a");
        stage.log.hold();
        attach(new Start(Start.Kind.AFTER, first));
        stage.log.answer();
        stage.play();
        stage.log.refuse();
        stage.log.answerAll();

        for (int check = 0; check < 3; check++) {
            stage.hub.checkPositions();
            stage.play();
        }

        assertThat(stage.log.asked("read")).isEqualTo(2);
        assertThat(listener.heard).isEmpty();
    }

    @Test
    void theLastEventIsNoEndForAReaderThatIsOnlyOnItsWayThere() {
        Subscription subscription = attach(Start.OLDEST);
        listener.full = true;
        stage.publish("a", "b", "last");
        stage.play();
        assertThat(listener.heard).containsExactly("at 0");
        assertThat(subscription.phase()).isEqualTo(Phase.LAGGING);

        listener.drain();
        stage.play();

        assertThat(listener.heard).containsExactly("at 0", "a*", "b*", "last*", "finished");
    }

    @Test
    void aStreamWhoseReaderLeftBeforeTheEndIsGivenUpWhenTheEndComes() {
        attach(Start.TAIL).close();
        assertThat(stage.hub.streams()).isOne();

        stage.publish("last");

        assertThat(stage.hub.streams()).isZero();
        assertThat(stage.hub.ringBytes()).isZero();
    }

    @Test
    void whoReadsAnEmptyStreamFromItsBeginningDoesNotReadTheLog() {
        attach(Start.OLDEST);
        Listener second = new Listener();
        stage.attach(FINITE, second, Start.OLDEST);
        stage.play();

        assertThat(listener.heard).containsExactly("at 0").isEqualTo(second.heard);
        assertThat(stage.log.asked("read")).isZero();
    }

    @Test
    void aRemovedStreamGivesItsReadersWhatIsHereAndLetsThemGo() {
        Subscription subscription = attach(Start.TAIL);
        Listener slow = new Listener();
        stage.attach(FINITE, slow, Start.TAIL);
        stage.play();
        slow.full = true;
        stage.publish("a");

        stage.hub.remove(Stage.STREAM);
        stage.play();
        assertThat(listener.heard).containsExactly("at 0", "a*", "finished");
        assertThat(subscription.phase()).isEqualTo(Phase.CLOSED);
        assertThat(stage.hub.streams()).isZero();
        slow.drain();
        stage.play();

        assertThat(slow.heard).containsExactly("at 0", "a*", "finished");
        assertThat(stage.log.calls()).endsWith("append", "remove");
    }

    @Test
    void aStreamThatIsRemovedBeforeTheLogAnswersLetsItsReadersGoToo() {
        stage.log.hold();
        attach(Start.OLDEST);

        stage.hub.remove(Stage.STREAM);
        stage.play();
        stage.log.answerAll();
        stage.play();

        assertThat(listener.heard).containsExactly("finished");
    }

    @Test
    void whoComesAfterTheRemovalComesToANewStream() {
        attach(Start.TAIL);
        stage.publish("a");
        stage.play();
        stage.hub.remove(Stage.STREAM);
        Listener late = new Listener();
        stage.attach(FINITE, late, Start.OLDEST);
        stage.publish("b");
        stage.play();

        assertThat(listener.heard).containsExactly("at 0", "a*", "finished");
        assertThat(late.heard).containsExactly("at 0", "b*");
    }

    @Test
    void whatTheLogAnswersAfterTheStreamWasGivenUpIsUnsaidAgain() {
        stage.log.hold();
        attach(Start.TAIL).close();
        Stage hasty = new Stage(10, 1000, Duration.ZERO, stage.log);
        hasty.attach(FINITE, new Listener(), Start.TAIL).close();
        hasty.hub.checkPositions();

        stage.log.answerAll();

        assertThat(stage.log.calls()).containsExactly("attach", "attach", "detach", "detach");
    }
}
