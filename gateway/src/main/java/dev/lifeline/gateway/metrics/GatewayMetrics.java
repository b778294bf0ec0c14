package dev.lifeline.gateway.metrics;

import dev.lifeline.event.CloseReason;
import java.time.Duration;

/**
 * What the gateway counts, in its own words. Called on hot paths: an implementation adds to a counter and returns.
 * Nothing here carries a channel, session or client as a label.
 */
public interface GatewayMetrics {

    /** Counts nothing. */
    GatewayMetrics NONE = new GatewayMetrics() {};

    /** Events a publisher was told are kept. */
    default void published(int events) {}

    /** Events recognised as repetitions and dropped. */
    default void deduplicated(int events) {}

    /** Events handed to a connection. */
    default void delivered(int events, int bytes) {}

    /** Events that other nodes were told about. */
    default void relayed(int events) {}

    /** A reader came back with a last event id; whether this node's ring had what it missed. */
    default void resumed(boolean fromRing) {}

    /** A reader was told that events are missing. */
    default void gap(String reason) {}

    /** A reader's socket was full. */
    default void lagged() {}

    /** This node's copy of a stream had fallen behind the log. */
    default void caughtUp() {}

    default void connectionOpened() {}

    default void connectionClosed(CloseReason reason, Duration age) {}

    /** A connection was not taken: one of the limits stood in the way. */
    default void connectionRefused(String limit) {}

    /** Heartbeats written in one turn of a wheel, and how many of them were late by more than a second. */
    default void heartbeats(int written, int late) {}

    /** The log was lost from sight, or found again. */
    default void logAvailable(boolean available) {}
}
