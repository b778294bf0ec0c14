package dev.lifeline.gateway.client;

import dev.lifeline.retry.FailureClass;
import dev.lifeline.retry.ReconnectPolicy;
import dev.lifeline.retry.RetryBudget;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/**
 * When a lost stream is asked for again: counts the tries, keeps the waits between them, and tells the metrics. Lives on
 * the stream's context.
 */
public final class Comeback {

    /** A stream that lasted so long was worth having: the count begins anew. */
    private static final Duration WORTH = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final ReconnectPolicy policy;
    private final StreamMetrics metrics;
    private RetryBudget budget;
    private Duration hinted;
    private int tries;
    private long timer = -1;
    private boolean stopped;

    public Comeback(Vertx vertx, ReconnectPolicy policy, StreamMetrics metrics) {
        this.vertx = vertx;
        this.policy = policy;
        this.metrics = metrics;
    }

    /** How long a response asks us to stay away; null if it does not. */
    public static Duration asked(HttpClientResponse response) {
        return FailureClass.retryAfter(response.getHeader("Retry-After")).orElse(null);
    }

    /** Tries on as a budget allows, when it has been tried often enough. */
    public Comeback within(RetryBudget more) {
        budget = more;
        return this;
    }

    /** The other side says how long to wait before it is asked again. */
    public void hint(long millis) {
        hinted = Duration.ofMillis(millis);
    }

    /** How long the other side wants to be left alone, if it closed just now. */
    public long pause() {
        Duration named = hinted == null ? policy.initial() : hinted;
        return Math.min(named.toMillis(), ReconnectPolicy.LONGEST_NAMED.toMillis());
    }

    /**
     * Asks again after a wait; false if it has been tried often enough.
     *
     * @param named what the other side asked for when it refused, or null
     */
    public boolean again(Duration named, Runnable ask) {
        return again(named, (attempt, delay) -> {}, ask);
    }

    /** The same; who waits is told for the how manieth time, and how long. */
    boolean again(Duration named, BiConsumer<Integer, Duration> waiting, Runnable ask) {
        Optional<Duration> wait = stopped ? Optional.empty() : wait(named == null ? hinted : named);
        wait.ifPresent(delay -> {
            tries++;
            waiting.accept(tries, delay);
            timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> {
                metrics.reconnecting();
                ask.run();
            });
        });
        return wait.isPresent();
    }

    private Optional<Duration> wait(Duration named) {
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

    public void succeeded() {
        metrics.reconnected();
    }

    public void failed() {
        metrics.reconnectFailed();
    }

    /** Something came: the count begins anew. */
    public void progressed() {
        tries = 0;
    }

    public void lasted(Duration age) {
        if (age.compareTo(WORTH) >= 0) {
            tries = 0;
        }
    }

    public void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }
}
