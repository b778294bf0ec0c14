package dev.lifeline.gateway.connection;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.stream.Subscription;
import java.time.Duration;
import java.time.Instant;

/**
 * How a connection ended, kept for a while for those who look on.
 *
 * @param stream what it was attending, or null if that was never known
 * @param client what it said it was, or null
 */
public record Closing(Instant at, CloseReason reason, String stream, Client client, Duration age) {

    /** So many of each event loop. */
    static final int KEPT = 50;

    static Closing of(Connection connection, CloseReason reason) {
        Subscription source = connection.subscription();
        String stream = source == null ? null : source.stream();
        return new Closing(Instant.now(), reason, stream, connection.visitor().client(), connection.age());
    }
}
