package dev.lifeline.gateway.session;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Takes requests of the modern revision to an upstream as they are: no session, nothing kept, one answer. */
public interface Passage {

    /**
     * Sends a POST. Fails with a {@link LinkFailure} when no answer begins.
     *
     * @param calledOff succeeds when nobody wants the answer any more, begun or not: the request is closed at the upstream
     *     at once, which is how it learns of it
     */
    Future<Answer> post(MultiMap headers, Buffer body, Future<Void> calledOff);

    /**
     * An answer that has begun.
     *
     * @param body paused; ends, or fails, with the upstream
     */
    record Answer(int status, MultiMap headers, ReadStream<Buffer> body) {}
}
