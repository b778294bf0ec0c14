package dev.lifeline.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Answers what is not HTTP, or too much of it, before any route can: like every other error as a problem, and then the
 * line is cut, since nobody knows where the next request would begin.
 */
public final class UnreadableRequests implements Handler<HttpServerRequest> {

    @Override
    public void handle(HttpServerRequest request) {
        Problem problem = problem(request.decoderResult().cause());
        Correlation.name(request);
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Problems.write(request.response(), problem, Optional.empty())
                .onComplete(written -> request.connection().close());
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.ofStatus(414);
        }
        return cause instanceof TooLongHttpHeaderException
                ? Problem.ofStatus(431)
                : Problem.badRequest("This is not HTTP as it is written.");
    }
}
