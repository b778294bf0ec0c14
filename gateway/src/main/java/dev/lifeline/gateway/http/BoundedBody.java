package dev.lifeline.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Collects a request's body: so many bytes, within so much time, and no more of either.
 *
 * <p>On the request's event loop. What is refused fails with a {@link Problem}; the connection then ends with the answer,
 * since the rest of the body is still on it.
 */
public final class BoundedBody {

    private final Vertx vertx;
    private final int mostBytes;
    private final Duration deadline;

    /**
     * A bound for the bodies of some route.
     *
     * @param mostBytes of the body as received
     * @param deadline from the call of {@link #read} to the last byte; a trickle does not extend it
     */
    public BoundedBody(Vertx vertx, int mostBytes, Duration deadline) {
        this.vertx = vertx;
        this.mostBytes = mostBytes;
        this.deadline = deadline;
    }

    /** To be called once per request, before anything else reads it. */
    public Future<Buffer> read(HttpServerRequest request) {
        if (announcedLength(request) > mostBytes) {
            return Future.failedFuture(Problem.bodyTooLarge(mostBytes));
        }
        if (request.isEnded()) {
            return Future.succeededFuture(Buffer.buffer());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        return collect(request);
    }

    private Future<Buffer> collect(HttpServerRequest request) {
        Promise<Buffer> body = Promise.promise();
        Buffer bytes = Buffer.buffer();
        long timer = vertx.setTimer(deadline.toMillis(), late -> body.tryFail(Problem.bodyTooSlow(deadline)));
        request.handler(chunk -> {
            if (bytes.length() + chunk.length() <= mostBytes) {
                bytes.appendBuffer(chunk);
            } else {
                body.tryFail(Problem.bodyTooLarge(mostBytes));
            }
        });
        request.exceptionHandler(body::tryFail);
        request.endHandler(end -> body.tryComplete(bytes));
        request.resume();
        return body.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            return Long.MAX_VALUE;
        }
    }
}
