package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions for clients that keep none, each lent to one request at a time, so that neither ids nor answers can meet.
 * Those given back wait a while for the next request of the same principal.
 */
final class Spares {

    private static final int MOST_WAITING = 32;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private record Shelf(String principal, String upstream) {}

    private record Spare(Session session, long since) {}

    private final NodeSessions sessions;
    private final Map<Shelf, Deque<Spare>> shelves = new ConcurrentHashMap<>();

    Spares(NodeSessions sessions) {
        this.sessions = sessions;
    }

    Future<Session> borrow(Session.Owner owner, String upstream) {
        Deque<Spare> shelf = shelves.getOrDefault(new Shelf(owner.principal(), upstream), new ArrayDeque<>());
        Spare spare;
        synchronized (shelf) {
            spare = shelf.pollLast();
        }
        return spare == null ? begin(owner, upstream) : Future.succeededFuture(spare.session());
    }

    private Future<Session> begin(Session.Owner owner, String upstream) {
        Message initialize = sessions.means().reader().readOne(OwnWords.INITIALIZE);
        Message initialized = sessions.means().reader().readOne(OwnWords.INITIALIZED);
        return sessions.begin(owner, upstream, initialize).compose(begun -> {
            Session session =
                    begun.session().orElseThrow(() -> new LinkFailure(Ending.REFUSED, "the upstream refused to begin"));
            return sessions.conversation(session).tell(initialized).map(session);
        });
    }

    void giveBack(Session session) {
        Shelf where = new Shelf(session.owner().principal(), session.upstream());
        Deque<Spare> shelf = shelves.computeIfAbsent(where, key -> new ArrayDeque<>());
        boolean kept;
        synchronized (shelf) {
            kept = shelf.size() < MOST_WAITING;
            if (kept) {
                shelf.addLast(new Spare(session, sessions.means().time().nanos()));
            }
        }
        if (!kept) {
            sessions.close(session, "unused");
        }
    }

    /** Closes those nobody has asked for in a while. */
    void sweep() {
        long now = sessions.means().time().nanos();
        for (Deque<Spare> shelf : shelves.values()) {
            Spare old;
            while ((old = oldest(shelf, now)) != null) {
                sessions.close(old.session(), "unused");
            }
        }
    }

    private static Spare oldest(Deque<Spare> shelf, long now) {
        synchronized (shelf) {
            Spare oldest = shelf.peekFirst();
            return oldest != null && now - oldest.since() > KEPT.toNanos() ? shelf.pollFirst() : null;
        }
    }
}
