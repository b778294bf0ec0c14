package dev.lifeline.gateway.client;

import java.time.Duration;

/** What is counted of the streams that other servers send us. Called on event loops: an implementation adds and returns. */
public interface StreamMetrics {

    /** Counts nothing. */
    StreamMetrics NONE = new StreamMetrics() {};

    /** A stream that was lost, or closed to be asked for again, is asked for. */
    default void reconnecting() {}

    /** It is there again. */
    default void reconnected() {}

    /** It could not be had this time. */
    default void reconnectFailed() {}

    /** A conversation was begun. */
    default void opened() {}

    /** One could not be begun, and why. */
    default void openFailed(String why) {}

    /** A stream ended, after so long. */
    default void disconnected(Duration age) {}

    /** Events the upstream sent again and that were dropped here. */
    default void deduplicated(int events) {}
}
