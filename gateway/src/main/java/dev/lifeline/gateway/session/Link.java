package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;

/**
 * A session's conversation with its upstream, as one node takes part in it. Called on any thread.
 *
 * <p>Futures that fail, fail with a {@link LinkFailure} that says whether the message may have been carried out. A link
 * never sends a request twice by itself: whether that is safe is for the session to decide.
 */
public interface Link {

    /**
     * Begins the conversation: sends {@code initialize} and gives back the answer, and the state from which every node
     * can go on. An answer that is an error is an answer, and leaves the state closed.
     */
    Future<Opened> open(Message initialize);

    /**
     * Sends a request. Everything that belongs to it, its answer at last, reaches the inbound, which then hears {@link
     * Inbound#ended}. The future succeeds when the upstream has taken it; a failure is told both ways.
     *
     * <p>A connection lost on the way is taken up again where the upstream gives event ids; only then nobody hears of it.
     */
    Future<Void> request(Message request, Inbound inbound);

    /** Goes on with a request that another node sent, after the last event it saw; where that cannot be done it ends. */
    void resume(String rpcId, String lastEventId, Inbound inbound);

    /** Sends a notification or an answer to a request of the upstream's. */
    Future<Void> send(Message message);

    /**
     * Listens to what the upstream says of its own accord, and keeps listening: lost connections are made again by
     * policy. Ends with {@link Ending#FORGOTTEN} when the upstream no longer knows the session, {@link Ending#LOST} when
     * it cannot be had. An upstream that offers no such stream is no failure: then nothing comes.
     */
    void listen(String lastEventId, Inbound inbound);

    /** Gives up waiting for a request's answer. */
    void forget(String rpcId);

    /** Ends the conversation, and tells the upstream so. */
    Future<Void> close();

    /**
     * Lets go of the standing part and leaves the conversation alone. Requests under way come to their end, which over a
     * pipe is that they are lost with it.
     */
    void release();

    /** What {@link #open} came to. */
    record Opened(Message answer, LinkState state) {}
}
