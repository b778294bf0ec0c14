package dev.lifeline.gateway.client;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;

/**
 * One HTTP request, on its way or answered, which can be given up at any time. Where the other side says that its place
 * is another of the same origin, it goes there: a request with a body once, one without some times. Lives on the context
 * it was sent on.
 */
public final class Sending {

    /** What became of a request that came to nothing. */
    public enum Fate {
        /** Nobody got it. */
        NOT_SENT,
        /** Somebody got it and will not have it. */
        REFUSED,
        /** Somebody may have got it. */
        LOST
    }

    /** What is sent, and how long each byte of the answer is waited for. */
    record Letter(HttpMethod method, URI place, MultiMap headers, Buffer body, Duration patience) {

        Letter to(URI other) {
            return new Letter(method, other, headers, body, patience);
        }

        boolean mayGo(int status) {
            return status == TEMPORARY_REDIRECT
                    || status == PERMANENT_REDIRECT
                    || method == HttpMethod.GET && status >= MOVED && status <= SEE_OTHER;
        }

        int moves() {
            return method == HttpMethod.GET ? MOST_MOVES : 1;
        }
    }

    private static final int MOVED = 301;
    private static final int SEE_OTHER = 303;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final int PERMANENT_REDIRECT = 308;
    private static final int MOST_MOVES = 5;

    private final Door door;
    private final HttpClient client;
    private Letter letter;
    private HttpClientRequest request;
    private int moved;
    private boolean cancelled;

    Sending(Door door, HttpClient client, Letter letter) {
        this.door = door;
        this.client = client;
        this.letter = letter;
    }

    /** Where it went at last. */
    public URI place() {
        return letter.place();
    }

    /** Sends it. The response comes paused; what fails, fails as the door's terms have it. */
    public Future<HttpClientResponse> go() {
        Promise<HttpClientResponse> response = Promise.promise();
        // Elsewhere the answer might be complete before anybody looks at it, and then it cannot be looked at any more.
        Here.run(door.context(), () -> dispatch().onComplete(response));
        return response.future();
    }

    private Future<HttpClientResponse> dispatch() {
        // A client that was closed throws.
        return Future.succeededFuture(letter)
                .compose(ready -> client.request(door.options(ready)))
                .recover(failed -> failure(Fate.NOT_SENT, "no connection", failed))
                .compose(this::send)
                .compose(this::arrived);
    }

    /** Gives it up, and closes its connection if it has one and the answer is not complete. */
    public void cancel() {
        cancelled = true;
        if (request != null) {
            request.reset();
        }
    }

    private Future<HttpClientResponse> send(HttpClientRequest ready) {
        request = ready.exceptionHandler(lost -> {});
        if (cancelled) {
            ready.reset();
            return failure(Fate.NOT_SENT, "given up");
        }
        Future<HttpClientResponse> answer = letter.body() == null ? ready.send() : ready.send(letter.body());
        // What is lost while nobody reads is nobody's loss; without handlers it would be an error in the log.
        return answer.map(response -> response.pause().exceptionHandler(lost -> {}))
                .recover(failed -> failure(Fate.LOST, "the connection was lost before an answer", failed));
    }

    private Future<HttpClientResponse> arrived(HttpClientResponse response) {
        int status = response.statusCode();
        String location = response.getHeader("Location");
        if (!letter.mayGo(status) || moved == letter.moves() || location == null || location.isEmpty()) {
            return Future.succeededFuture(response);
        }
        response.resume();
        URI other = door.place(letter.place(), location);
        if (other == null) {
            return failure(Fate.REFUSED, "sent on to another origin, and not followed");
        }
        moved++;
        letter = letter.to(other);
        return dispatch();
    }

    private <T> Future<T> failure(Fate fate, String what, Throwable cause) {
        return failure(fate, what + ": " + cause.getMessage());
    }

    private <T> Future<T> failure(Fate fate, String why) {
        return Future.failedFuture(door.failures().of(fate, why));
    }
}
