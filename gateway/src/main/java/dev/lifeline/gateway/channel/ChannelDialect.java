package dev.lifeline.gateway.channel;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.wire.SseEncoder;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What a channel says beside its events: where the reader stands, what it will never get, and that the link is alive.
 * The two kinds differ in the heartbeat alone: a native {@code EventSource} cannot see a comment.
 */
enum ChannelDialect implements Dialect {
    COMMENT {
        @Override
        public byte[] heartbeat(Instant now) {
            return SseEncoder.comment(now.toString());
        }
    },
    EVENT {
        @Override
        public byte[] heartbeat(Instant now) {
            String time = new JsonObject().put("time", now.toString()).encode();
            return SseEncoder.event(null, new Event(HEARTBEAT, time));
        }
    };

    /** Types that only the gateway says, so that nobody can publish a false verdict. */
    static final String GAP = "gap";

    static final String HEARTBEAT = "heartbeat";

    /** The dialect a client asks for by name; none asked for is comments. */
    static Optional<ChannelDialect> named(String name) {
        if (name == null || name.equals("comment")) {
            return Optional.of(COMMENT);
        }
        return name.equals("event") ? Optional.of(EVENT) : Optional.empty();
    }

    static boolean isReserved(String type) {
        return type.equals(GAP) || type.equals(HEARTBEAT);
    }

    /** The verdict carries an id too: a reader that is cut off right after it is not told twice. */
    @Override
    public byte[] gap(Gap gap) {
        JsonObject verdict = new JsonObject()
                .put("from", gap.from() == null ? null : gap.from().toString())
                .put("to", gap.to().toString())
                .put("reason", gap.reason().label());
        return SseEncoder.event(gap.to().toString(), new Event(GAP, verdict.encode()));
    }
}
