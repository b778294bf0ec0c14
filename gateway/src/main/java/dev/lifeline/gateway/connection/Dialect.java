package dev.lifeline.gateway.connection;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import java.time.Duration;
import java.time.Instant;

/**
 * How a kind of client is told what is no event of the stream. A dialect has no state: one instance serves every
 * connection that speaks it, and a turn of the wheel makes one heartbeat for all of them.
 *
 * <p>An empty answer means that this client is told nothing.
 */
public interface Dialect {

    byte[] retry(Duration wait);

    byte[] position(Cursor cursor);

    byte[] gap(Gap gap);

    byte[] heartbeat(Instant now);
}
