package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lifeline.gateway.stream.Simulation.Plant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From replay to live there is no seam: thousands of small runs, each a different order of the same few things that can
 * happen. A failure names its seed, and {@code -Dseam.seed=} runs that one alone.
 */
class SeamTest {

    private static final int SEEDS = 4_000;

    @Test
    void everyReaderSeesEventAfterEventOrATrueVerdictAndReachesTheTail() {
        long only = Long.getLong("seam.seed", -1);
        long received = 0;

        for (long seed = Math.max(0, only); seed < (only < 0 ? SEEDS : only + 1); seed++) {
            received += run(seed);
        }

        assertThat(received).isGreaterThan(only < 0 ? 100L * SEEDS : 0L);
    }

    private static long run(long seed) {
        try {
            return new Simulation(seed, Plant.NONE).run();
        } catch (AssertionError | RuntimeException wrong) {
            return fail("seed " + seed + ": " + wrong.getMessage(), wrong);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theOracleNoticesWhatIsWrongOnPurpose(Plant plant) {
        int noticed = 0;

        for (long seed = 0; seed < 100; seed++) {
            noticed += isNoticed(seed, plant) ? 1 : 0;
        }

        assertThat(noticed).isGreaterThan(4);
    }

    private static boolean isNoticed(long seed, Plant plant) {
        try {
            new Simulation(seed, plant).run();
            return false;
        } catch (AssertionError noticed) {
            return true;
        }
    }
}
