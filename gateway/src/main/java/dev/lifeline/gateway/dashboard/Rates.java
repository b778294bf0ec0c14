package dev.lifeline.gateway.dashboard;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * How much a second, as the difference between two reports. Several who ask within a second are told the same: the
 * difference of a moment means nothing. For every thread.
 */
final class Rates {

    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);

    // Guarded by this.
    private Tally before;
    private long at;
    private JsonObject rates = new JsonObject()
            .put("published", 0.0)
            .put("delivered", 0.0)
            .put("bytes", 0.0)
            .put("heartbeats", 0.0);

    Rates(Tally begin, long now) {
        this.before = begin;
        this.at = now;
    }

    synchronized JsonObject upTo(Tally tally, long now) {
        if (now - at >= SHORTEST) {
            double seconds = (now - at) / (double) TimeUnit.SECONDS.toNanos(1);
            rates = new JsonObject()
                    .put("published", rate(tally.published() - before.published(), seconds))
                    .put("delivered", rate(tally.delivered() - before.delivered(), seconds))
                    .put("bytes", rate(tally.bytes() - before.bytes(), seconds))
                    .put("heartbeats", rate(tally.heartbeats() - before.heartbeats(), seconds));
            before = tally;
            at = now;
        }
        return rates.copy();
    }

    private static double rate(long count, double seconds) {
        return Math.round(count / seconds * 10) / 10.0;
    }
}
