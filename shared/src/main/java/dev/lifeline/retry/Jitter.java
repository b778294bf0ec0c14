package dev.lifeline.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Chance in a delay, so that those who were cut off together do not come back together.
 *
 * @param upTo added at most
 * @param factor by which part of itself a delay gets longer or shorter at most, below 1
 */
public record Jitter(Duration upTo, double factor) {

    public static final Jitter NONE = new Jitter(Duration.ZERO, 0);

    public Jitter {
        if (upTo.isNegative() || !(factor >= 0 && factor < 1)) {
            throw new IllegalArgumentException("no such jitter: " + upTo + ", " + factor);
        }
    }

    public static Jitter upTo(Duration most) {
        return new Jitter(most, 0);
    }

    public static Jitter factor(double factor) {
        return new Jitter(Duration.ZERO, factor);
    }

    Duration around(Duration delay, RandomGenerator chance) {
        return stretched(delay, 2 * chance.nextDouble() - 1).plus(added(chance));
    }

    /** Never shorter: somebody asked for the delay. */
    Duration after(Duration delay, RandomGenerator chance) {
        return stretched(delay, chance.nextDouble()).plus(added(chance));
    }

    private Duration stretched(Duration delay, double by) {
        return factor == 0 ? delay : Duration.ofNanos((long) (delay.toNanos() * (1 + factor * by)));
    }

    private Duration added(RandomGenerator chance) {
        return upTo.isZero() ? upTo : Duration.ofNanos(chance.nextLong(upTo.toNanos() + 1));
    }
}
