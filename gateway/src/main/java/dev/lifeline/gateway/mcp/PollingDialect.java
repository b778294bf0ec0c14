package dev.lifeline.gateway.mcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import java.time.Duration;
import java.time.Instant;

/**
 * For Streamable clients that are known to come back: an event with an id and no data tells them from where, and in the
 * same event when. It is one event because a {@code retry} on its own is an empty message to some.
 */
final class PollingDialect implements Dialect {

    private final String place;
    private Duration wait;
    private boolean placed;

    private PollingDialect(String place, boolean placed) {
        this.place = place;
        this.placed = placed;
    }

    /** For one that asks for a stream, and could ask again. */
    static PollingDialect visiting(String place) {
        return new PollingDialect(place, true);
    }

    /** For one that asks something else: of the stream of its answer it knows nothing before the first id. */
    static PollingDialect answered(String place) {
        return new PollingDialect(place, false);
    }

    @Override
    public byte[] retry(Duration toWait) {
        wait = toWait;
        return Comments.NOTHING;
    }

    @Override
    public byte[] position(Cursor cursor) {
        placed = true;
        return prime(cursor, wait);
    }

    @Override
    public byte[] gap(Gap gap) {
        return Comments.NOTHING;
    }

    @Override
    public byte[] farewell(Cursor at, Duration toWait) {
        // Who came to a node that is leaving has no position yet, and asks again as it did.
        return at == null ? ("retry: " + toWait.toMillis() + "\n\n").getBytes(US_ASCII) : prime(at, toWait);
    }

    @Override
    public boolean isPlaced() {
        return placed;
    }

    private byte[] prime(Cursor cursor, Duration toWait) {
        String id = "id: " + new EventId(place, cursor) + "\n";
        String retry = toWait == null ? "" : "retry: " + toWait.toMillis() + "\n";
        return (id + retry + "data: \n\n").getBytes(US_ASCII);
    }

    @Override
    public byte[] heartbeat(Instant now) {
        return kin().heartbeat(now);
    }

    @Override
    public Dialect kin() {
        return Comments.ALONE;
    }
}
