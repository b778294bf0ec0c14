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

    PollingDialect(String place) {
        this.place = place;
    }

    @Override
    public byte[] retry(Duration toWait) {
        wait = toWait;
        return Comments.NOTHING;
    }

    @Override
    public byte[] position(Cursor cursor) {
        return prime(cursor, wait);
    }

    @Override
    public byte[] gap(Gap gap) {
        return Comments.NOTHING;
    }

    @Override
    public byte[] farewell(Cursor at, Duration toWait) {
        return at == null ? Comments.NOTHING : prime(at, toWait);
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
