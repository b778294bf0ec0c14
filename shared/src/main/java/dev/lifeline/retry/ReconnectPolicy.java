package dev.lifeline.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a lost connection is tried again: twice as long each time in a row that it failed.
 *
 * @param initial before the first try, unless the server named a time
 * @param max beyond which it grows no more
 * @param mostTries in a row, or {@link #UNLIMITED}; after them a {@link RetryBudget} may allow more
 */
public record ReconnectPolicy(Duration initial, Duration max, Jitter jitter, int mostTries) {

    /** A server that names more is not obeyed: its slip would be the end of the connection. */
    public static final Duration LONGEST_NAMED = Duration.ofHours(1);

    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** For browsers, Node and other clients: they try as long as somebody wants them to. */
    public static final ReconnectPolicy CLIENT = new ReconnectPolicy(
            Duration.ofSeconds(1), Duration.ofSeconds(60), Jitter.upTo(Duration.ofMillis(500)), UNLIMITED);

    /** For a gateway that comes back to an upstream. */
    public static final ReconnectPolicy UPSTREAM =
            new ReconnectPolicy(Duration.ofSeconds(1), Duration.ofSeconds(30), Jitter.factor(0.3), 10);

    private static final int MOST_DOUBLINGS = 40;

    public ReconnectPolicy {
        if (initial.isNegative() || max.compareTo(initial) < 0 || mostTries < 0 || max.compareTo(LONGEST_NAMED) > 0) {
            throw new IllegalArgumentException("no such policy: " + initial + " to " + max + ", " + mostTries);
        }
    }

    /** The delay before the next try, when so many in a row have failed; empty when that was the last. */
    public Optional<Duration> delay(int failed, RandomGenerator chance) {
        return failed >= mostTries ? Optional.empty() : Optional.of(jitter.around(plain(failed), chance));
    }

    /**
     * The same, where the server named a time, by {@code retry:} or {@code Retry-After}: it is met the first time, however
     * short, and is the least from then on, for one that names zero would otherwise be tried without pause.
     *
     * @param named null where it did not
     */
    public Optional<Duration> delay(int failed, Duration named, RandomGenerator chance) {
        Optional<Duration> own = delay(failed, chance);
        if (named == null) {
            return own;
        }
        Duration least = jitter.after(named.compareTo(LONGEST_NAMED) < 0 ? named : LONGEST_NAMED, chance);
        return own.map(delay -> failed == 0 || delay.compareTo(least) < 0 ? least : delay);
    }

    private Duration plain(int failed) {
        int doublings = Math.min(failed, MOST_DOUBLINGS);
        long most = max.toNanos();
        long start = initial.toNanos();
        return start > most >> doublings ? max : Duration.ofNanos(start << doublings);
    }
}
