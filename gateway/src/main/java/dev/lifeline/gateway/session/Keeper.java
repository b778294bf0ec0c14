package dev.lifeline.gateway.session;

import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.LogUnavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's sessions in step with time: refreshes those with a client here, lets go of those that are over, and
 * takes over what dead nodes left.
 */
public final class Keeper {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(10);
    private static final Duration SHORTEST_ROUND = Duration.ofMillis(100);
    private static final int ROUNDS_A_LIFE = 4;
    private static final int AT_ONCE = 64;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MOST_TRIES = 10;

    private final Means means;
    private final NodeSessions sessions;
    private final Set<String> knownDead = ConcurrentHashMap.newKeySet();
    private boolean busy;

    public Keeper(Means means, NodeSessions sessions) {
        this.means = means;
        this.sessions = sessions;
    }

    /** Begins to keep, and with what was left while nobody kept anything. */
    public void start() {
        if (means.courier() != Courier.NOBODY) {
            firstLook();
        }
        means.time().every(period(), this::round);
    }

    /** As soon as it is known who is alive: where there is one node only, nobody else misses its former life. */
    private void firstLook() {
        means.time().after(RETRY, () -> {
            if (means.courier().alive().isEmpty()) {
                firstLook();
            } else {
                orphans().otherwise(false).onSuccess(decided -> {
                    if (!decided) {
                        firstLook();
                    }
                });
            }
        });
    }

    private Duration period() {
        Duration part = means.settings().life().dividedBy(ROUNDS_A_LIFE);
        Duration atMost = part.compareTo(LONGEST_ROUND) < 0 ? part : LONGEST_ROUND;
        return atMost.compareTo(SHORTEST_ROUND) < 0 ? SHORTEST_ROUND : atMost;
    }

    private void round() {
        if (busy) {
            return;
        }
        busy = true;
        sessions.sweepSpares();
        List<Conversation> refreshed = new ArrayList<>();
        List<Conversation> looked = new ArrayList<>();
        List<Conversation> asking = new ArrayList<>();
        for (Conversation conversation : sessions.all()) {
            if (!conversation.pursuits().isEmpty()) {
                asking.add(conversation);
            }
            boolean byRequests = means.settings().livesByRequests(conversation.session());
            if (conversation.isPresent() && !byRequests) {
                refreshed.add(conversation);
            } else if (conversation.isPresent() || conversation.hold().isHeldHere()) {
                looked.add(conversation);
            } else if (conversation.isIdleFor(IDLE)) {
                sessions.forget(conversation);
                conversation.release();
            }
        }
        Future.join(refresh(refreshed), each(looked, this::look), each(asking, this::noteAgain), orphans())
                .onComplete(done -> busy = false);
    }

    private Future<Void> refresh(List<Conversation> present) {
        if (present.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<String, Conversation> byId =
                present.stream().collect(Collectors.toMap(Conversation::id, Function.identity()));
        return means.store().refresh(byId.keySet(), means.settings().life()).map(gone -> {
            gone.forEach(id -> sessions.end(byId.get(id), "expired"));
            return null;
        });
    }

    /** Whoever took this node for dead, long enough, has forgotten what it has a part in. */
    private Future<Void> noteAgain(Conversation conversation) {
        return means.store().involve(means.node(), conversation.id());
    }

    /** Whether a session is still there, and this node still who holds it. */
    private Future<Void> look(Conversation conversation) {
        return means.store().find(conversation.id()).compose(found -> {
            if (found.isEmpty()) {
                return sessions.end(conversation, "expired");
            }
            conversation.update(found.get());
            return Future.succeededFuture();
        });
    }

    // ---- the dead

    /** The future tells whether of all nodes that have a part in anything it is known if they are alive. */
    private Future<Boolean> orphans() {
        Set<String> alive = means.courier().alive();
        if (alive.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return means.store().nodesInvolved().compose(nodes -> {
            List<String> missing = nodes.stream()
                    .filter(node -> !node.equals(means.node()) && !alive.contains(node))
                    .toList();
            List<String> dead = missing.stream().filter(means.courier()::isDead).toList();
            knownDead.retainAll(dead);
            return each(dead, this::bury).map(taken -> dead.size() == missing.size());
        });
    }

    /**
     * Takes over what a dead node had, and forgets that it had it if it was as dead a round ago. One that only stood still
     * goes on accepting without noting its parts anew; should it die after all, they have to be found once more.
     */
    private Future<Void> bury(String dead) {
        boolean surely = !knownDead.add(dead);
        return means.store()
                .involved(dead)
                .compose(ids -> each(
                        ids,
                        id -> takeOver(id, dead)
                                .compose(taken -> surely ? means.store().leave(dead, id) : Future.succeededFuture())));
    }

    /** Takes over whatever a dead node had a part in. Every survivor tries; the store gives each part to one. */
    public Future<Void> takeOver(String dead) {
        if (Fault.at(Step.TAKEOVER)) {
            return Future.failedFuture(new LogUnavailable(Fault.WORD));
        }
        return means.store().involved(dead).compose(ids -> {
            if (!ids.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("node", dead)
                        .addKeyValue("sessions", ids.size())
                        .log("taking over");
            }
            return each(ids, id -> takeOver(id, dead));
        });
    }

    private Future<Void> takeOver(String id, String dead) {
        return takeOver(id, dead, 1);
    }

    /** What is taken last is asked for again: once the dead one is forgotten nobody else would. */
    private Future<Void> takeOver(String id, String dead, int tries) {
        Future<Void> taken = means.store()
                .involve(means.node(), id)
                .compose(noted -> means.store().find(id))
                .compose(found -> means.store().takeOver(id, dead, means.node()).map(exchanges -> {
                    found.ifPresent(session -> adopt(session, exchanges, dead));
                    return null;
                }));
        return taken.onFailure(away -> {
            if (tries < MOST_TRIES) {
                means.time().after(RETRY, () -> takeOver(id, dead, tries + 1));
            }
        });
    }

    private void adopt(Session session, List<Exchange> exchanges, String dead) {
        boolean held = dead.equals(session.link().holder());
        if (exchanges.isEmpty() && !held) {
            return;
        }
        Fault.at(Step.TAKEN_OVER, LogUnavailable::new);
        means.metrics().takenOver(exchanges.size());
        Conversation conversation = sessions.conversation(session);
        conversation.update(session);
        Future<Void> ready = held ? conversation.hold().inherit() : Future.succeededFuture();
        ready.onComplete(inherited -> {
            goOn(conversation, exchanges);
            if (session.presence().listening()) {
                conversation.hold().attend();
            }
        });
    }

    private static void goOn(Conversation conversation, List<Exchange> exchanges) {
        Map<String, List<Exchange>> byStream = exchanges.stream().collect(Collectors.groupingBy(Exchange::stream));
        byStream.forEach((stream, waiting) -> {
            boolean finite = !stream.equals(Session.stream(conversation.id()));
            Post post = new Post(stream, finite, waiting.size());
            waiting.forEach(exchange -> conversation.takeOver(exchange, post));
        });
    }

    /** A few at a time: a node that died may have had a part in ten thousand sessions. */
    private static <T> Future<Void> each(Collection<T> all, Function<T, Future<Void>> action) {
        List<T> left = List.copyOf(all);
        if (left.isEmpty()) {
            return Future.succeededFuture();
        }
        int now = Math.min(AT_ONCE, left.size());
        List<Future<Void>> under = left.subList(0, now).stream().map(action).toList();
        return Future.join(under).transform(done -> each(left.subList(now, left.size()), action));
    }
}
