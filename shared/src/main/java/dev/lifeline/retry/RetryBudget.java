package dev.lifeline.retry;

import java.time.Duration;

/**
 * How often something may be tried beyond what a policy allows: tokens that come back with time. It is fed with the time,
 * which may stand still or step back, and belongs to one thread.
 */
public final class RetryBudget {

    private final int most;
    private final long nanosPerToken;
    private int tokens;
    private long countedAt;

    /**
     * A full budget.
     *
     * @param most tokens it holds
     * @param perToken in which time one comes back
     * @param nowNanos the time, of a clock that counts nanoseconds from anywhere
     */
    public RetryBudget(int most, Duration perToken, long nowNanos) {
        if (most < 1 || perToken.isNegative() || perToken.isZero()) {
            throw new IllegalArgumentException("no such budget: " + most + " per " + perToken);
        }
        this.most = most;
        this.nanosPerToken = perToken.toNanos();
        this.tokens = most;
        this.countedAt = nowNanos;
    }

    /** Takes a token; says whether there was one. */
    public boolean take(long nowNanos) {
        refill(nowNanos);
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }

    /** How long until there is a token. */
    public Duration untilNext(long nowNanos) {
        refill(nowNanos);
        // Seen from a time that stepped back it is no longer than from the one known.
        long waited = Math.max(0, nowNanos - countedAt);
        return tokens > 0 ? Duration.ZERO : Duration.ofNanos(nanosPerToken - waited);
    }

    private void refill(long nowNanos) {
        if (tokens == most) {
            countedAt = Math.max(0, nowNanos - countedAt) + countedAt;
            return;
        }
        long fresh = Math.max(0, nowNanos - countedAt) / nanosPerToken;
        if (fresh >= most - tokens) {
            tokens = most;
            countedAt = nowNanos;
        } else {
            tokens += (int) fresh;
            countedAt += fresh * nanosPerToken;
        }
    }
}
