package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import org.junit.jupiter.api.Test;

/** What waits for the events it follows, and how little of it. */
class EarlyTest {

    private static final RingSpace SPACE = new RingSpace(Long.MAX_VALUE);

    private static final Cursor START = Cursor.origin(1);

    private final Early early = new Early();
    private final Ring ring = new Ring(Framing.PLAIN, 10_000, 1 << 24, SPACE);

    EarlyTest() {
        ring.restart(START);
    }

    @Test
    void runsEnterInTheirOrderAsFarAsTheyFollow() {
        early.add(START.plus(5), Stage.events("5"));
        early.add(START.plus(2), Stage.events("2", "3"));
        early.add(START.plus(1), Stage.events("1"));

        assertThat(early.enter(ring)).isFalse();
        assertThat(ring.head()).isEqualTo(START.plus(3));
        ring.offer(START.plus(4), Stage.events("4"));

        assertThat(early.enter(ring)).isTrue();
        assertThat(ring.head()).isEqualTo(START.plus(5));
    }

    @Test
    void whatDoesNotFitIsForgottenAndThatIsSaid() {
        early.add(START.plus(1), Stage.events("x".repeat(Early.MOST_CHARS + 1)));
        assertThat(early.enter(ring)).isFalse();
        early.asked();
        assertThat(early.enter(ring)).isTrue();

        for (int i = 0; i <= Early.MOST_RUNS; i++) {
            early.add(START.plus(1 + i), Stage.events("x"));
        }

        assertThat(early.enter(ring)).isFalse();
        assertThat(ring.head()).isEqualTo(START.plus(Early.MOST_RUNS));
    }

    @Test
    void theLogIsAskedOnceForWhatDoesNotFollow() {
        assertThat(early.wants(ring)).isFalse();
        early.add(START.plus(7), Stage.events("7"));
        assertThat(early.wants(ring)).isTrue();

        early.asked();
        assertThat(early.wants(ring)).isFalse();
        early.add(START.plus(9), Stage.events("9"));

        assertThat(early.wants(ring)).isTrue();
    }

    @Test
    void roomIsGivenBackByWhatEntered() {
        for (int i = 1; i <= 10; i++) {
            early.add(START.plus(i), Stage.events("x".repeat(Early.MOST_CHARS)));
            assertThat(early.enter(ring)).isTrue();
        }

        assertThat(ring.head()).isEqualTo(START.plus(10));
    }

    @Test
    void twoRunsFromOnePlaceAreLeftToTheLog() {
        early.add(START.plus(1), Stage.events("1"));
        early.add(START.plus(1), Stage.events("1", "2"));

        assertThat(early.enter(ring)).isFalse();
        early.clear();

        assertThat(early.enter(ring)).isTrue();
    }
}
