package dev.lifeline.gateway.session;

import dev.lifeline.gateway.log.Settled;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where sessions and their open exchanges are kept. Its laws:
 *
 * <ol>
 *   <li>A session that nothing has refreshed for its life is gone, with everything that belongs to it.
 *   <li>A change of the link names the generation it began from; of two that began from one, the first wins.
 *   <li>Of nodes that want to begin a conversation anew, one at a time may.
 *   <li>An exchange is taken over by one node at most.
 *   <li>What fails fails with {@link dev.lifeline.gateway.log.LogUnavailable}, in bounded time; then nobody knows whether
 *       it was done, and every call but {@link #accept} may be repeated.
 * </ol>
 *
 * <p>Safe to call from any thread; futures complete on the caller's context where it has one.
 */
public interface SessionStore {

    /** Of more sessions than this from one place nobody can tell which one is meant. */
    int MOST_OF_ONE_ORIGIN = 32;

    /** Beyond, a session's requests are not kept for an upstream that forgets. */
    int MOST_WISHES = 256;

    /** Keeps a new session, for so long as nothing refreshes it. Fails with {@link TooManySessions}. */
    Future<Void> create(Session session, Duration life);

    /** Looks a session up; does not refresh it. */
    Future<Optional<Session>> find(String id);

    /**
     * A request of the client's: refreshes the session, and puts down what was asked, before anybody asks the upstream.
     * Empty when there is no such session; then nothing was put down.
     *
     * @param opened possibly none
     */
    Future<Optional<Session>> accept(String id, List<Exchange> opened, Duration life);

    /** Changes how the client introduced itself. */
    Future<Void> introduce(String id, Session.Opening opening);

    /**
     * Keeps a request of which the upstream keeps the effect, to be said again to one that forgot; the last of a name counts.
     *
     * @param request null when it was taken back
     */
    Future<Void> wish(String id, String name, String request);

    /** The requests that are kept so. */
    Future<List<String>> wishes(String id);

    /**
     * Puts the link into a new state of a later generation, if it still is in the generation that was known. Gives back
     * the state it is in afterwards: the wanted one, or what somebody else made of it. Empty when there is no such
     * session.
     */
    Future<Optional<LinkState>> relink(String id, long knownGeneration, LinkState wanted);

    /**
     * Asks to be the one who begins the conversation anew, as long as it is in this generation. Who may, may for so long,
     * and meanwhile nobody else; with no time at all it is given back. False when somebody else may, or has already.
     */
    Future<Boolean> claim(String id, long knownGeneration, String node, Duration time);

    /**
     * Notes how far the upstream's own stream has been read. Only the holder does; lost notes cost repetitions. One that had
     * been the holder may be late with it: what it says of another conversation than the present one means nothing.
     */
    Future<Void> heard(String id, LinkState within, String lastEventId);

    /** Notes how far the upstream's answer to an exchange has been read. */
    Future<Void> heard(String id, String exchange, String upstreamEventId);

    /** An exchange has its outcome. */
    Future<Void> settle(String id, String exchange);

    /**
     * The same, for a log that keeps outcomes in the same place to do in one step with its append; null where there is no
     * such log.
     */
    default Settled settling(String id, String exchange) {
        return null;
    }

    /** The exchanges of a session that have no outcome yet. */
    Future<List<Exchange>> open(String id);

    /** A client listens, on this node; it stays so until it is said to have gone. */
    Future<Void> present(String id, String node, Duration life);

    /** A client's link on this node has ended; says nothing where another node has the link by now. */
    Future<Void> absent(String id, String node, String written);

    /** How far the client's link has been written to; the highest counts. */
    Future<Void> written(String id, String position);

    /** Refreshes sessions that have a live link here, and tells which of them are gone. */
    Future<Set<String>> refresh(Collection<String> ids, Duration life);

    /** Ends a session; says whether there was one. */
    Future<Boolean> remove(String id);

    /**
     * Legacy sessions of this principal and this origin: who may be coming back without a word. None, if
     * they are more than {@link #MOST_OF_ONE_ORIGIN}.
     */
    Future<List<Session>> from(String principal, String origin);

    /** The session whose client repeats this key, of this principal and upstream; of several the newest. */
    Future<Optional<Session>> byKey(String principal, String upstream, String key);

    /** Some sessions' ids, page by page: {@code from} is null at first, then what the page said. */
    Future<Ids> ids(String from);

    /** A page of ids, and where the next begins; null after the last. */
    record Ids(List<String> ids, String next) {}

    /** Notes that a node has a part in a session, before it takes it: what its survivors will ask for. */
    Future<Void> involve(String node, String id);

    /** What a node had a part in, for those that survive it. */
    Future<Set<String>> involved(String node);

    /** Nodes that have a part in anything. */
    Future<Set<String>> nodesInvolved();

    /**
     * Takes a dead node's part in a session over: its open exchanges are this node's now. Asked again, the same node gets
     * those again that have no outcome yet. That the dead had a part there stays known until {@link #leave}.
     */
    Future<List<Exchange>> takeOver(String id, String dead, String survivor);

    /** Forgets that a node had a part in a session. */
    Future<Void> leave(String node, String id);

    Future<Void> close();
}
