package dev.lifeline.gateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a lost stream is asked for again: counts the tries, keeps the waits between them, and tells the metrics. Lives on
 * the stream's context.
 */
final class Comeback {

    /** A stream that lasted so long was worth having: the count begins anew. */
    private static final Duration WORTH = Duration.ofSeconds(10);

    private static final long LONGEST_ASKED = Duration.ofMinutes(5).toMillis();
    private static final int RECENT = 256;

    private final Vertx vertx;
    private final UpstreamTerms terms;
    private long hinted = -1;
    private int tries;
    private long timer = -1;
    private boolean stopped;

    Comeback(Vertx vertx, UpstreamTerms terms) {
        this.vertx = vertx;
        this.terms = terms;
    }

    static RecentIds recentIds() {
        return new RecentIds(RECENT);
    }

    /** How long a response asks us to stay away, in milliseconds; 0 if it does not. */
    static long asked(HttpClientResponse response) {
        String after = response.getHeader("Retry-After");
        if (after == null || !after.matches("\\d{1,6}")) {
            return 0;
        }
        return Math.min(LONGEST_ASKED, Duration.ofSeconds(Long.parseLong(after)).toMillis());
    }

    /** The other side says how long to wait before it is asked again. */
    void hint(long millis) {
        hinted = Math.min(millis, LONGEST_ASKED);
    }

    /** How long the next wait will be. */
    long next() {
        double random = ThreadLocalRandom.current().nextDouble();
        return hinted >= 0 && tries == 0
                ? hinted
                : Math.max(hinted, terms.retries().wait(tries, random));
    }

    /** Asks again after a wait; false if it has been tried often enough. */
    boolean again(long atLeast, Runnable ask) {
        return again(Math.max(1, Math.max(next(), atLeast)), ask, tries);
    }

    private boolean again(long wait, Runnable ask, int before) {
        if (stopped || before >= terms.retries().most()) {
            return false;
        }
        tries = before + 1;
        timer = vertx.setTimer(wait, due -> {
            terms.metrics().reconnecting();
            ask.run();
        });
        return true;
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
