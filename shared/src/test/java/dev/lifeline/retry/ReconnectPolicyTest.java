package dev.lifeline.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The delays between tries, with seeded chance. */
class ReconnectPolicyTest {

    private static final ReconnectPolicy EXACT =
            new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(30), Jitter.NONE, 7);

    private final Random chance = new Random(42);

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    @Test
    void doublesFromTheInitialDelayToTheLongest() {
        List<Duration> delays = IntStream.range(0, 7)
                .mapToObj(failed -> EXACT.delay(failed, chance).orElseThrow())
                .toList();

        assertThat(delays)
                .containsExactly(seconds(1), seconds(2), seconds(4), seconds(8), seconds(16), seconds(30), seconds(30));
    }

    @Test
    void givesUpAfterTheLastTry() {
        assertThat(EXACT.delay(6, chance)).isPresent();
        assertThat(EXACT.delay(7, chance)).isEmpty();
        assertThat(EXACT.delay(7, seconds(1), chance)).isEmpty();
        assertThat(EXACT.delay(Integer.MAX_VALUE, chance)).isEmpty();
    }

    @Test
    void theFiguresOfClientsAndOfUpstreamsAreThoseRequired() {
        assertThat(ReconnectPolicy.CLIENT.delay(1_000_000, chance).orElseThrow())
                .isBetween(seconds(60), seconds(60.5));
        assertThat(ReconnectPolicy.CLIENT.delay(0, chance).orElseThrow()).isBetween(seconds(1), seconds(1.5));
        assertThat(ReconnectPolicy.UPSTREAM.delay(0, chance).orElseThrow()).isBetween(seconds(0.7), seconds(1.3));
        assertThat(ReconnectPolicy.UPSTREAM.delay(9, chance).orElseThrow()).isBetween(seconds(21), seconds(39));
        assertThat(ReconnectPolicy.UPSTREAM.delay(10, chance)).isEmpty();
    }

    @Test
    void spreadsDelaysOverAllOfTheJitter() {
        List<Duration> added = sample(ReconnectPolicy.CLIENT);
        List<Duration> stretched = sample(ReconnectPolicy.UPSTREAM);

        assertThat(added).allMatch(delay -> !delay.minus(seconds(2)).isNegative());
        assertThat(added).anyMatch(delay -> delay.compareTo(seconds(2.05)) < 0);
        assertThat(added).anyMatch(delay -> delay.compareTo(seconds(2.45)) > 0);
        assertThat(stretched)
                .allMatch(delay -> delay.compareTo(seconds(1.4)) >= 0 && delay.compareTo(seconds(2.6)) <= 0);
        assertThat(stretched).anyMatch(delay -> delay.compareTo(seconds(1.5)) < 0);
        assertThat(stretched).anyMatch(delay -> delay.compareTo(seconds(2.5)) > 0);
    }

    private List<Duration> sample(ReconnectPolicy policy) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> policy.delay(1, chance).orElseThrow())
                .toList();
    }

    @Test
    void meetsTheTimeAServerNamedAndNeverComesSooner() {
        assertThat(EXACT.delay(0, seconds(0.2), chance)).contains(seconds(0.2));
        assertThat(EXACT.delay(0, seconds(0), chance)).contains(seconds(0));
        assertThat(EXACT.delay(0, seconds(100), chance)).contains(seconds(100));
        assertThat(EXACT.delay(1, seconds(0.2), chance)).contains(seconds(2));
        assertThat(EXACT.delay(1, seconds(100), chance)).contains(seconds(100));
        assertThat(EXACT.delay(0, null, chance)).contains(seconds(1));
        for (int i = 0; i < 1000; i++) {
            assertThat(ReconnectPolicy.UPSTREAM.delay(i % 5, seconds(3), chance).orElseThrow())
                    .isGreaterThanOrEqualTo(seconds(3));
        }
    }

    @Test
    void doesNotObeyAServerThatNamesATimeBeyondReason() {
        assertThat(EXACT.delay(0, Duration.ofSeconds(Long.MAX_VALUE), chance)).contains(Duration.ofHours(1));
    }

    @Test
    void theSameChanceGivesTheSameDelays() {
        RandomGenerator same = new Random(42);
        assertThat(ReconnectPolicy.CLIENT.delay(3, chance)).isEqualTo(ReconnectPolicy.CLIENT.delay(3, same));
    }

    @Test
    void refusesWhatIsNoPolicy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReconnectPolicy(seconds(2), seconds(1), Jitter.NONE, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReconnectPolicy(seconds(-1), seconds(1), Jitter.NONE, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReconnectPolicy(seconds(1), Duration.ofDays(1), Jitter.NONE, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReconnectPolicy(seconds(1), seconds(1), Jitter.NONE, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Jitter.factor(1));
        assertThatIllegalArgumentException().isThrownBy(() -> Jitter.factor(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Jitter.upTo(seconds(-1)));
    }
}
