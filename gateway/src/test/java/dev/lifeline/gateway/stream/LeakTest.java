package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No buffer is forgotten, whatever happens: Netty's own detector, on every buffer of many simulated runs. */
class LeakTest {

    private static final String SENTINEL = "forgotten on purpose";

    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();

    @BeforeEach
    void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(records));
    }

    @AfterEach
    void lookAway() {
        ByteBufUtil.setLeakListener(null);
        ResourceLeakDetector.setLevel(usual);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyBufferIsReleasedWhenItsReadersAreGone() {
        // With odd seeds, streams do not linger.
        for (long seed = 1; seed < 300; seed += 2) {
            new Simulation(seed, Simulation.Plant.NONE, seed % 4 == 1).run();
        }
        forget();

        // Buffers are reported in the order they are collected; the one forgotten last proves that reports come.
        while (leaks.stream().noneMatch(it -> it.contains(SENTINEL))) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer().release();
            Thread.onSpinWait();
        }

        assertThat(leaks)
                .filteredOn(it -> it.contains("LeakTest") && !it.contains(SENTINEL))
                .isEmpty();
    }

    private static void forget() {
        PooledByteBufAllocator.DEFAULT.directBuffer().touch(SENTINEL);
    }
}
