package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;

/** Takes what an upstream sends. Called in the order in which it was sent. */
public interface Inbound {

    /**
     * A message. The future tells when it is kept: a link stops reading while too much is under way.
     *
     * @param eventId under which the upstream can be asked to go on after it, or null
     */
    Future<Void> received(Message message, String eventId);

    /** The upstream answers with a stream: more than one message may come, and it may take time. */
    default void streams() {}

    /** An event id without a message: the upstream says from where it could go on. */
    default void position(String eventId) {}

    /** The upstream closed on purpose and wants to be asked again later; the link will do that by itself. */
    default void paused(long retryMillis) {}

    /** The way broke, and the link will ask again by itself: perhaps somebody else listens by now. */
    default void interrupted() {}

    /** Nothing more will come. */
    void ended(Ending ending);
}
