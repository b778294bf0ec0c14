package dev.lifeline.gateway.client;

import java.time.Duration;

/**
 * How a source is doing.
 *
 * @param attempt how manieth reconnect in a row is being waited for; 0 unless it is reconnecting
 * @param delay how long it waits before it; null unless it is reconnecting
 * @param reason why it failed, in words; null unless it did
 */
public record SourceState(Phase phase, int attempt, Duration delay, String reason) {

    /** The phases of a source. The last two are for good. */
    public enum Phase {
        /** The first request is on its way. */
        CONNECTING,
        /** Events can come. */
        CONNECTED,
        /** The stream was lost, or could not be had, and will be asked for after a delay. */
        RECONNECTING,
        /** The other side does not want us, or sends what cannot be read, or has been tried often enough. */
        FAILED,
        /** We ended it. */
        CLOSED
    }

    static final SourceState CONNECTING = new SourceState(Phase.CONNECTING, 0, null, null);
    static final SourceState CONNECTED = new SourceState(Phase.CONNECTED, 0, null, null);
    static final SourceState CLOSED = new SourceState(Phase.CLOSED, 0, null, null);

    static SourceState reconnecting(int attempt, Duration delay) {
        return new SourceState(Phase.RECONNECTING, attempt, delay, null);
    }

    static SourceState failed(String reason) {
        return new SourceState(Phase.FAILED, 0, null, reason);
    }

    public boolean isOver() {
        return phase == Phase.FAILED || phase == Phase.CLOSED;
    }
}
