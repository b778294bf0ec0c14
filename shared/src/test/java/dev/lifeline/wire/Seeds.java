package dev.lifeline.wire;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * Where randomness in these tests comes from: one seed a round, so that a failure names the round that repeats it.
 * {@code -Dlifeline.seed=n} starts there.
 */
final class Seeds {

    private static final long FIRST = Long.getLong("lifeline.seed", 20_261_121);

    private Seeds() {}

    static LongStream rounds(int count) {
        return LongStream.range(FIRST, FIRST + count);
    }

    /** Spread, since neighbouring seeds of {@link Random} start alike. */
    static Random random(long seed) {
        return new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    }
}
