package dev.lifeline.gateway.upstream;

import dev.lifeline.retry.FailureClass;
import dev.lifeline.retry.ReconnectPolicy;
import dev.lifeline.retry.RetryBudget;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a lost stream is asked for again: counts the tries, keeps the waits between them, and tells the metrics. Lives on
 * the stream's context.
 */
final class Comeback {

    /** A stream that lasted so long was worth having: the count begins anew. */
    private static final Duration WORTH = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final UpstreamTerms terms;
    private ReconnectPolicy policy;
    private RetryBudget budget;
    private Duration hinted;
    private int tries;
    private long timer = -1;
    private boolean stopped;

    Comeback(Vertx vertx, UpstreamTerms terms) {
        this.vertx = vertx;
        this.terms = terms;
    }

    /** How long a response asks us to stay away; null if it does not. */
    static Duration asked(HttpClientResponse response) {
        return FailureClass.retryAfter(response.getHeader("Retry-After")).orElse(null);
    }

    /** Tries on as a budget allows, when it has been tried often enough. */
    Comeback budgeted() {
        budget = terms.retries().budget();
        return this;
    }

    /** The other side says how long to wait before it is asked again. */
    void hint(long millis) {
        hinted = Duration.ofMillis(millis);
    }

    /** How long the other side wants to be left alone, if it closed just now. */
    long pause() {
        Duration named = hinted == null ? terms.retries().initial() : hinted;
        return Math.min(named.toMillis(), ReconnectPolicy.LONGEST_NAMED.toMillis());
    }

    /**
     * Asks again after a wait; false if it has been tried often enough.
     *
     * @param named what the other side asked for when it refused, or null
     */
    boolean again(Duration named, Runnable ask) {
        Optional<Duration> wait = stopped ? Optional.empty() : wait(named == null ? hinted : named);
        wait.ifPresent(delay -> {
            tries++;
            timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> {
                terms.metrics().reconnecting();
                ask.run();
            });
        });
        return wait.isPresent();
    }

    private Optional<Duration> wait(Duration named) {
        policy = policy == null ? terms.retries().policy() : policy;
        Optional<Duration> wait = policy.delay(tries, named, ThreadLocalRandom.current());
        return wait.isPresent() || budget == null ? wait : Optional.of(spared());
    }

    /** One more than the policy has: when the budget has it too. */
    private Duration spared() {
        long now = System.nanoTime();
        Duration full = budget.untilNext(now);
        budget.take(now + full.toNanos());
        return full.compareTo(policy.max()) > 0 ? full : policy.max();
    }

    void succeeded() {
        terms.metrics().reconnected();
    }

    void failed() {
        terms.metrics().reconnectFailed();
    }

    /** Something came: the count begins anew. */
    void progressed() {
        tries = 0;
    }

    void lasted(Duration age) {
        if (age.compareTo(WORTH) >= 0) {
            tries = 0;
        }
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }
}
