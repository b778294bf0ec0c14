package dev.lifeline.gateway.upstream;

import dev.lifeline.retry.RecentIds;

/**
 * Recognises events that an upstream sends again after a reconnect. An id alone does not make a repetition: servers are
 * in use that count each connection's events from one, and theirs must not be lost.
 */
final class Repetitions {

    private static final int RECENT = 256;

    private final UpstreamMetrics metrics;
    private RecentIds seen;

    Repetitions(UpstreamMetrics metrics) {
        this.metrics = metrics;
    }

    /** Whether this event came before; one without an id never did. */
    boolean has(String id, String data) {
        if (id == null) {
            return false;
        }
        if (seen == null) {
            seen = new RecentIds(RECENT);
        }
        boolean repeated = !seen.firstTime(id + '\n' + data.hashCode());
        if (repeated) {
            metrics.deduplicated(1);
        }
        return repeated;
    }
}
