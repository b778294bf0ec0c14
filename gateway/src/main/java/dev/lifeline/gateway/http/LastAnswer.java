package dev.lifeline.gateway.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.TimeUnit;

/**
 * Makes the answer in hand the last one of its HTTP/1 connection. Does nothing on HTTP/2, where requests do not share a
 * line of bytes.
 *
 * <p>Two readers that disagree where a request ends must not read on together; so whenever a request was not read to
 * its end, the answer says so and nothing after it is served. On the connection's event loop.
 */
final class LastAnswer {

    /**
     * How long the rest of a request is read and thrown away before the line is cut. Closing at once would make the
     * kernel send a reset, and that takes our answer from the client's hands.
     */
    private static final long LINGER_MILLIS = 1000;

    private static final AttributeKey<Boolean> GIVEN = AttributeKey.valueOf(LastAnswer.class, "given");

    private LastAnswer() {}

    /** To be called before the head of the answer is written. */
    static void of(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.version() == HttpVersion.HTTP_2) {
            return;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        channel(request).attr(GIVEN).set(true);
        // Not close(): Vert.x would still serve the requests that are already in the same read.
        request.connection().shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS);
        if (!request.isEnded()) {
            request.handler(thrownAway -> {}).resume();
        }
    }

    /** The same, if any of the request is still to come. */
    static void unlessReadToItsEnd(HttpServerRequest request) {
        if (hasBody(request) && !request.isEnded()) {
            of(request);
        }
    }

    /** Whether this request came after the last answer: it was already waiting, and is not to be served. */
    static boolean wasGivenBefore(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2 && channel(request).hasAttr(GIVEN);
    }

    private static Channel channel(HttpServerRequest request) {
        return ((HttpServerConnection) request.connection())
                .channelHandlerContext()
                .channel();
    }

    /** Whether the head announces a body. */
    static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || length != null && !length.equals("0");
    }
}
