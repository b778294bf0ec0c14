package dev.lifeline.gateway.session;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * One node's part in all MCP conversations: what the doors ask for. Everything a client is to get is published to a
 * stream of its session ({@link Session#stream()}, {@link Session#stream(String, String)}); nothing is returned here.
 */
public interface Sessions {

    /** Event type of a notification or a request of the upstream's. */
    String MESSAGE = "message";

    /** Event type of an outcome. */
    String ANSWER = "answer";

    /** Event type of the outcome after which nothing more comes to a POST's stream. */
    String LAST = "last";

    /** Opens a session nobody has introduced yet. */
    Future<Session> open(Session.Owner owner, String upstream);

    /**
     * Opens a session by its {@code initialize}. The answer is the upstream's; one that is an error leaves no session.
     */
    Future<Begun> begin(Session.Owner owner, String upstream, Message initialize);

    /** What {@link #begin} came to; no session after an error. */
    record Begun(Optional<Session> session, Message answer) {}

    /** Fails with {@link UnknownSession}. */
    Future<Session> find(Caller caller, String id);

    /**
     * Takes messages of the client's. When the future succeeds, requests will each have one outcome in the stream, and
     * the rest has reached the upstream. Fails with {@link UnknownSession}, or {@link
     * dev.lifeline.gateway.log.LogUnavailable} when nothing can be promised.
     *
     * @param stream where outcomes go; they have the type {@link #LAST} there when all requests given here have theirs, and
     *     it is not the session's own stream
     */
    default Future<Session> accept(Caller caller, String id, List<Message> messages, String stream) {
        return accept(caller, id, messages, stream, (session, here) -> {});
    }

    /** The same, for who wants to listen to the stream before anything can come there. */
    Future<Session> accept(Caller caller, String id, List<Message> messages, String stream, Listening listening);

    /** Who wants to listen to what is accepted. */
    @FunctionalInterface
    interface Listening {

        /**
         * The messages were taken, and go on when this returns. Told where the caller asked.
         *
         * @param here whether outcomes are published on this node
         */
        void begin(Session session, boolean here);
    }

    /** Whether a stream still waits for an outcome. */
    Future<Boolean> isWaiting(Session session, String stream);

    /** A client listens to the session's own stream, here. */
    void arrived(Session session);

    /** So far its link has been written to; cheap to say often. */
    void wrote(Session session, String position);

    /** It no longer does; not said where it came a second time, here, and the newer has its place. */
    void left(Session session, String written, CloseReason reason);

    /** A session for one exchange of a client that keeps none, to be given back; introduced already. */
    Future<Session> borrow(Session.Owner owner, String upstream);

    void giveBack(Session session);

    /** The session that a client without a word about it comes back to, if exactly one can be meant. */
    Future<Optional<Session>> returning(Caller caller, String origin);

    Future<Optional<Session>> byKey(Caller caller, String key);

    /** Ends a session for good. Fails with {@link UnknownSession}. */
    Future<Void> close(Caller caller, String id);

    /** Publishes a server message to one session's own stream. Fails with {@link UnknownSession}. */
    Future<Void> tell(String id, Message message);

    /** Publishes it to all of them, and says to how many. */
    Future<Long> tellAll(Message message);

    /** How many sessions have a part here. */
    int held();
}
