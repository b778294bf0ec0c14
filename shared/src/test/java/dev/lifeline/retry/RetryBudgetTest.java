package dev.lifeline.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens that come back with time. */
class RetryBudgetTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long START = Long.MAX_VALUE - MINUTE;

    private final RetryBudget budget = new RetryBudget(3, Duration.ofMinutes(1), START);

    private void spend(long now) {
        while (budget.take(now)) {
            // All of it.
        }
    }

    @Test
    void givesWhatItHoldsAndThenNothing() {
        assertThat(budget.take(START)).isTrue();
        assertThat(budget.take(START)).isTrue();
        assertThat(budget.untilNext(START)).isZero();
        assertThat(budget.take(START)).isTrue();
        assertThat(budget.take(START)).isFalse();
        assertThat(budget.untilNext(START)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void givesATokenAgainWheneverItsTimeIsOverAlsoAcrossTheEndOfTheClock() {
        spend(START);

        assertThat(budget.take(START + MINUTE - 1)).isFalse();
        assertThat(budget.untilNext(START + MINUTE - 1)).isEqualTo(Duration.ofNanos(1));
        assertThat(budget.take(START + MINUTE + 5)).isTrue();
        assertThat(budget.take(START + MINUTE + 5)).isFalse();
        assertThat(budget.untilNext(START + MINUTE + 5)).isEqualTo(Duration.ofNanos(MINUTE - 5));
        assertThat(budget.take(START + 2 * MINUTE)).isTrue();
    }

    @Test
    void savesNoMoreThanItHolds() {
        spend(START);
        long later = START + 100 * MINUTE;

        assertThat(budget.take(later)).isTrue();
        assertThat(budget.take(later)).isTrue();
        assertThat(budget.take(later)).isTrue();
        assertThat(budget.take(later)).isFalse();
        assertThat(budget.take(later + MINUTE)).isTrue();
    }

    @Test
    void timeInWhichItWasFullIsNotSaved() {
        long later = START + 10 * MINUTE;
        assertThat(budget.untilNext(later)).isZero();
        spend(later);

        assertThat(budget.take(later + MINUTE - 1)).isFalse();
    }

    @Test
    void aClockThatStepsBackGivesNothingAndTakesNothing() {
        spend(START);

        assertThat(budget.take(START - 100 * MINUTE)).isFalse();
        assertThat(budget.untilNext(START - 100 * MINUTE)).isEqualTo(Duration.ofMinutes(1));
        assertThat(budget.take(START + MINUTE)).isTrue();
    }

    @Test
    void neverGivesMoreThanTimeAllows() {
        Random random = new Random(7);
        long now = START;
        int given = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(MINUTE);
            given += budget.take(now) ? 1 : 0;
            assertThat(given).isLessThanOrEqualTo(3 + (int) ((now - START) / MINUTE));
        }
        assertThat(given).isGreaterThan(4_900);
    }

    @Test
    void refusesWhatIsNoBudget() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(0, Duration.ofSeconds(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(1, Duration.ZERO, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(1, Duration.ofSeconds(-1), 0));
    }
}
