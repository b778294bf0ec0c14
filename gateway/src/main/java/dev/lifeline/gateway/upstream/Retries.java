package dev.lifeline.gateway.upstream;

import dev.lifeline.retry.Jitter;
import dev.lifeline.retry.ReconnectPolicy;
import dev.lifeline.retry.RetryBudget;
import java.time.Duration;

/**
 * How lost streams are made again: after growing waits, so many times in a row. What is waited for is given up then; a
 * stream nobody waits for is tried on, as its budget fills again.
 *
 * @param jitter by which part of itself a wait gets longer or shorter at most
 * @param most tries in a row
 */
public record Retries(Duration initial, Duration longest, double jitter, int most) {

    public static final Retries DEFAULT = of(ReconnectPolicy.UPSTREAM);

    private static final int TOKENS = 3;

    public static Retries of(ReconnectPolicy policy) {
        return new Retries(policy.initial(), policy.max(), policy.jitter().factor(), policy.mostTries());
    }

    ReconnectPolicy policy() {
        return new ReconnectPolicy(initial, longest, Jitter.factor(jitter), most);
    }

    /** A stream's own budget: beyond the tries in a row, a few more, and then one in twice the longest wait. */
    RetryBudget budget() {
        return new RetryBudget(TOKENS, longest.multipliedBy(2), System.nanoTime());
    }
}
