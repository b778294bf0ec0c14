package dev.lifeline.gateway.client;

import dev.lifeline.retry.RecentIds;

/**
 * Recognises events that a server sends again after a reconnect. An id alone does not make a repetition: servers are
 * in use that count each connection's events from one, and theirs must not be lost.
 */
public final class Repetitions {

    private static final int RECENT = 256;

    private final StreamMetrics metrics;
    private RecentIds seen;

    public Repetitions(StreamMetrics metrics) {
        this.metrics = metrics;
    }

    /** Whether this event came before; one without an id never did. */
    public boolean has(String id, String type, String data) {
        if (id == null) {
            return false;
        }
        if (seen == null) {
            seen = new RecentIds(RECENT);
        }
        boolean repeated = !seen.firstTime(id + '\n' + type + '\n' + data.hashCode());
        if (repeated) {
            metrics.deduplicated(1);
        }
        return repeated;
    }
}
