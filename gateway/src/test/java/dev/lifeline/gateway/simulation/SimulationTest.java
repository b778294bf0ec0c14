package dev.lifeline.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of histories of several nodes, with everything that can befall them, held against the laws. {@code
 * -Dsimulation.seed=} and {@code -Dsimulation.histories=} repeat one, or go further.
 */
class SimulationTest {

    private static final long FIRST = Long.getLong("simulation.seed", 1);
    private static final int HISTORIES = Integer.getInteger("simulation.histories", 10_000);
    private static final int FOR_A_PLANT = 10_000;

    private static void requireLawful(Histories histories) {
        if (!histories.failed().isEmpty()) {
            throw new AssertionError(histories.report());
        }
    }

    @Test
    void noHistoryBreaksALaw() {
        Histories histories = new Histories(Plant.NONE).run(FIRST, HISTORIES, 1);
        requireLawful(histories);
        if (HISTORIES >= 1000) {
            List<Met.Case> never = Arrays.stream(Met.Case.values())
                    .filter(which -> histories.met().count(which) == 0)
                    .toList();
            assertThat(never).as("a run without these proves nothing: invalid").isEmpty();
        }
    }

    /** Not the same each time; whoever sees it fail finds the seed in what it says. */
    @Test
    void noHistoryOfAnotherSeedDoes() {
        long seed = new Random().nextInt(1 << 30) + 1_000_000L;
        requireLawful(new Histories(Plant.NONE).run(seed, HISTORIES / 20, 1));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedBugsAreCaught(Plant plant) {
        Histories histories = new Histories(plant).run(1, FOR_A_PLANT, 1);

        assertThat(histories.failed()).as(histories.summary()).isNotEmpty();
    }

    @Test
    void oneSeedIsOneHistory() {
        for (long seed = 1; seed < 20; seed++) {
            Simulation once = new Simulation(seed, Plant.NONE, null);
            Simulation again = new Simulation(seed, Plant.NONE, null);
            once.run();
            again.run();
            assertThat(again.done()).isEqualTo(once.done());
        }
    }
}
