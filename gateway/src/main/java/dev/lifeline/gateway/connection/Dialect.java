package dev.lifeline.gateway.connection;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.wire.SseEncoder;
import java.time.Duration;
import java.time.Instant;

/**
 * How a client is told what is no event of the stream. Where nothing depends on who it is, one instance serves every
 * connection; one that knows its connection has kin, and a turn of the wheel makes one heartbeat for all of a kin.
 *
 * <p>An empty answer means that this client is told nothing.
 */
public interface Dialect {

    default byte[] retry(Duration wait) {
        return SseEncoder.retry(wait);
    }

    default byte[] position(Cursor cursor) {
        return SseEncoder.position(cursor.toString());
    }

    byte[] gap(Gap gap);

    byte[] heartbeat(Instant now);

    /**
     * The last word to a client that is to come back.
     *
     * @param at the last event it was sent, or null where nobody could say
     */
    default byte[] farewell(Cursor at, Duration wait) {
        return retry(wait);
    }

    /** Whether its client can take the stream up again where it ends: one that cannot is given time, as far as there is any. */
    default boolean comesBack() {
        return true;
    }

    /** Whether its client knows by now from where: one that does not could not ask for the rest, were it ended already. */
    default boolean isPlaced() {
        return true;
    }

    /** Whose heartbeats it shares. */
    default Dialect kin() {
        return this;
    }
}
