package dev.lifeline.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answered POSTs' streams are kept for a while, and not without end. */
class LeftoversTest {

    private final Leftovers leftovers = new Leftovers();
    private final List<String> dropped = new ArrayList<>();

    @Test
    void theyAreKeptForTheirTime() {
        leftovers.add("a", dropped::add);

        leftovers.sweep(Duration.ofHours(1), dropped::add);
        assertThat(dropped).isEmpty();
        leftovers.sweep(Duration.ZERO, dropped::add);

        assertThat(dropped).containsExactly("a");
    }

    @Test
    void theOldestMakesRoom() {
        for (int i = 0; i < 20_001; i++) {
            leftovers.add("s" + i, dropped::add);
        }

        assertThat(dropped).containsExactly("s0");
    }
}
