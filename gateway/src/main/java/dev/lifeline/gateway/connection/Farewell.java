package dev.lifeline.gateway.connection;

import dev.lifeline.event.CloseReason;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;

/** How a peer went, read from the error that tells of it. */
enum Farewell {
    /** It closed what it had opened. */
    LEFT(CloseReason.CLIENT_LEFT),
    /** It was gone without a word. */
    LOST(CloseReason.PEER_LOST),
    /** The kernel gave up on it: for the TCP timeout nothing was acknowledged, or nothing was taken. */
    TIMEOUT(CloseReason.PEER_LOST);

    private final CloseReason reason;

    Farewell(CloseReason reason) {
        this.reason = reason;
    }

    CloseReason reason() {
        return reason;
    }

    static Farewell read(Throwable error, HttpVersion version) {
        if (error instanceof StreamResetException) {
            return LEFT;
        }
        if (error instanceof HttpClosedException closed) {
            // On HTTP/1.1 closing is the way to leave; on HTTP/2 one says GOAWAY or resets the stream before.
            return version != HttpVersion.HTTP_2 || closed.goAway() != null ? LEFT : LOST;
        }
        String message = error.getMessage();
        return message != null && message.contains("timed out") ? TIMEOUT : LOST;
    }
}
