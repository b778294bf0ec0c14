package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;

/**
 * One conversation with an upstream that has a single stream for all it says: a process, or a legacy event stream. What
 * comes out of it goes to the {@link Pipe} it was made for. Used once, on its link's context; failures are {@link
 * dev.lifeline.gateway.session.LinkFailure}s.
 */
interface Wire {

    /** Makes it ready to be written to; gives the place messages go to, or null where there is none to speak of. */
    Future<String> connect();

    Future<Void> write(Message message);

    /** Ends it, in bounded time. What is said meanwhile reaches nobody. */
    Future<Void> close();
}
