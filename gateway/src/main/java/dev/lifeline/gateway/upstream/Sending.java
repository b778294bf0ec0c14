package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;

/**
 * One HTTP request, on its way or answered, which can be given up at any time. Where the upstream says that its place is
 * another of the same origin, it goes there once. Lives on the context it was sent on.
 */
final class Sending {

    /** What is sent, and how long each byte of the answer is waited for. */
    record Letter(HttpMethod method, URI place, MultiMap headers, Buffer body, Duration patience) {

        Letter to(URI other) {
            return new Letter(method, other, headers, body, patience);
        }
    }

    private static final int TEMPORARY_REDIRECT = 307;
    private static final int PERMANENT_REDIRECT = 308;

    private final Door door;
    private final HttpClient client;
    private Letter letter;
    private HttpClientRequest request;
    private boolean moved;
    private boolean cancelled;

    Sending(Door door, HttpClient client, Letter letter) {
        this.door = door;
        this.client = client;
        this.letter = letter;
    }

    /** Where it went at last. */
    URI place() {
        return letter.place();
    }

    /** Sends it. The response comes paused; what fails, fails with a {@link LinkFailure}. */
    Future<HttpClientResponse> go() {
        return client.request(door.options(letter))
                .recover(failed -> failure(Ending.NOT_SENT, "no connection", failed))
                .compose(this::send)
                .compose(this::arrived);
    }

    /** Gives it up, and closes its connection if it has one and the answer is not complete. */
    void cancel() {
        cancelled = true;
        if (request != null) {
            request.reset();
        }
    }

    private Future<HttpClientResponse> send(HttpClientRequest ready) {
        request = ready.exceptionHandler(lost -> {});
        if (cancelled) {
            ready.reset();
            return Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "given up"));
        }
        Future<HttpClientResponse> answer = letter.body() == null ? ready.send() : ready.send(letter.body());
        // What is lost while nobody reads is nobody's loss; without handlers it would be an error in the log.
        return answer.map(response -> response.pause().exceptionHandler(lost -> {}))
                .recover(failed -> failure(Ending.LOST, "the connection was lost before an answer", failed));
    }

    private Future<HttpClientResponse> arrived(HttpClientResponse response) {
        int status = response.statusCode();
        String location = response.getHeader("Location");
        if ((status != TEMPORARY_REDIRECT && status != PERMANENT_REDIRECT) || moved || location == null) {
            return Future.succeededFuture(response);
        }
        response.resume();
        URI other = door.place(letter.place(), location);
        if (other == null) {
            return Future.failedFuture(new LinkFailure(Ending.REFUSED, "sent on to another origin, and not followed"));
        }
        moved = true;
        letter = letter.to(other);
        return go();
    }

    private static <T> Future<T> failure(Ending ending, String what, Throwable cause) {
        return Future.failedFuture(new LinkFailure(ending, what + ": " + cause.getMessage()));
    }
}
