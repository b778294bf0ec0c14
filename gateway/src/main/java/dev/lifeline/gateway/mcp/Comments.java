package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.wire.SseEncoder;
import java.time.Duration;
import java.time.Instant;

/** Says nothing but that the link is alive, in a comment; every MCP client bears that. */
enum Comments implements Dialect {
    ALONE,

    /** In the answer of a POST, which a client that is not told how cannot take up again. */
    IN_AN_ANSWER {
        @Override
        public boolean comesBack() {
            return false;
        }

        @Override
        public Dialect kin() {
            return ALONE;
        }
    };

    static final byte[] NOTHING = {};

    @Override
    public byte[] heartbeat(Instant now) {
        return SseEncoder.comment(now.toString());
    }

    @Override
    public byte[] retry(Duration wait) {
        return NOTHING;
    }

    @Override
    public byte[] position(Cursor cursor) {
        return NOTHING;
    }

    @Override
    public byte[] gap(Gap gap) {
        return NOTHING;
    }
}
