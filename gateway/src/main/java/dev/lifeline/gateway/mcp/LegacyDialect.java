package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.wire.SseEncoder;
import java.time.Duration;
import java.time.Instant;

/**
 * What may be said beside messages on a legacy stream: where to post to, first and once, and that the link is alive.
 * Each further word breaks a client that is in use.
 */
final class LegacyDialect implements Dialect {

    private final String endpoint;
    private String session;
    private boolean said;

    /** For a connection whose messages are posted to this path. */
    LegacyDialect(String endpoint) {
        this.endpoint = endpoint;
    }

    /** It is known now whose stream it is. */
    void meet(String who) {
        session = who;
    }

    /** The id makes a client able to come back before the first message; the session is last, as some cut there. */
    @Override
    public byte[] position(Cursor cursor) {
        if (said || session == null) {
            return Comments.NOTHING;
        }
        said = true;
        Event event = new Event("endpoint", endpoint + "?sessionId=" + session);
        return SseEncoder.named(new EventId(session, cursor).toString(), event);
    }

    /** Calls whose answers are lost end with answers of their own. */
    @Override
    public byte[] gap(Gap gap) {
        return position(gap.to());
    }

    @Override
    public byte[] retry(Duration wait) {
        return Comments.NOTHING;
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
