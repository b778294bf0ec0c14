package dev.lifeline.gateway.session;

import dev.lifeline.gateway.session.Session.Opening;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The sessions of a single node, in this process's memory, gone with it. The default, and complete: one contract suite
 * proves it and {@link RedisSessions}.
 *
 * <p>Each call locks one session for as long as it takes to touch it; futures are complete on return.
 */
public final class MemorySessions implements SessionStore {

    private static final int PAGE = 256;
    private static final Duration SWEEP_AT_MOST_EVERY = Duration.ofSeconds(1);

    private final ConcurrentSkipListMap<String, KeptSession> sessions = new ConcurrentSkipListMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final MemoryHints hints = new MemoryHints();
    private final int most;
    private final InstantSource clock;
    private volatile Instant swept = Instant.EPOCH;

    public MemorySessions(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    @Override
    public Future<Void> create(Session session, Duration life) {
        if (count.get() >= most) {
            sweepIfNotJustDone();
        }
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return Future.failedFuture(new TooManySessions(most));
        }
        KeptSession kept = new KeptSession(session, clock.instant().plus(life));
        synchronized (kept) {
            if (sessions.putIfAbsent(session.id(), kept) == null) {
                hints.add(session);
            } else {
                count.decrementAndGet();
            }
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Optional<Session>> find(String id) {
        return with(id, KeptSession::session);
    }

    @Override
    public Future<Optional<Session>> accept(String id, List<Exchange> opened, Duration life) {
        return with(id, kept -> {
            kept.liveUntil(clock.instant().plus(life));
            opened.forEach(kept::putDown);
            return kept.session();
        });
    }

    @Override
    public Future<Void> introduce(String id, Opening opening) {
        return on(id, kept -> kept.introduce(opening));
    }

    @Override
    public Future<Void> wish(String id, String name, String request) {
        return on(id, kept -> kept.wish(name, request));
    }

    @Override
    public Future<List<String>> wishes(String id) {
        return with(id, KeptSession::wishes).map(found -> found.orElse(List.of()));
    }

    @Override
    public Future<Optional<LinkState>> relink(String id, long knownGeneration, LinkState wanted) {
        return with(id, kept -> kept.relink(knownGeneration, wanted));
    }

    @Override
    public Future<Boolean> claim(String id, long knownGeneration, String node, Duration time) {
        Instant now = clock.instant();
        return with(id, kept -> kept.claim(knownGeneration, node, now, now.plus(time)))
                .map(claimed -> claimed.orElse(true));
    }

    @Override
    public Future<Void> heard(String id, LinkState within, String lastEventId) {
        return on(id, kept -> kept.heard(within, lastEventId));
    }

    @Override
    public Future<Void> heard(String id, String exchange, String upstreamEventId) {
        return on(id, kept -> kept.heard(exchange, upstreamEventId));
    }

    @Override
    public Future<Void> settle(String id, String exchange) {
        return on(id, kept -> kept.settle(exchange));
    }

    @Override
    public Future<List<Exchange>> open(String id) {
        return with(id, KeptSession::open).map(open -> open.orElse(List.of()));
    }

    @Override
    public Future<Void> present(String id, String node, Duration life) {
        return on(id, kept -> {
            kept.liveUntil(clock.instant().plus(life));
            kept.present(node, clock.instant());
        });
    }

    @Override
    public Future<Void> absent(String id, String node, String written) {
        return on(id, kept -> kept.absent(node, written, clock.instant()));
    }

    @Override
    public Future<Void> written(String id, String position) {
        return on(id, kept -> kept.written(position));
    }

    @Override
    public Future<Set<String>> refresh(Collection<String> ids, Duration life) {
        Instant until = clock.instant().plus(life);
        Set<String> gone = new HashSet<>();
        for (String id : ids) {
            if (now(id, kept -> kept.liveUntil(until)).isEmpty()) {
                gone.add(id);
            }
        }
        return Future.succeededFuture(gone);
    }

    @Override
    public Future<Boolean> remove(String id) {
        return with(id, kept -> {
                    kept.liveUntil(Instant.MIN);
                    forget(id, kept);
                    return true;
                })
                .map(lived -> lived.orElse(false));
    }

    private void forget(String id, KeptSession kept) {
        if (sessions.remove(id, kept)) {
            count.decrementAndGet();
            hints.drop(kept.session());
        }
    }

    @Override
    public Future<List<Session>> from(String principal, String origin) {
        List<Session> found = hints.from(principal, origin).stream()
                .flatMap(id -> now(id, KeptSession::session).stream())
                .toList();
        return Future.succeededFuture(found.size() > MOST_OF_ONE_ORIGIN ? List.of() : found);
    }

    @Override
    public Future<Optional<Session>> byKey(String principal, String upstream, String key) {
        String id = hints.byKey(principal, upstream, key);
        return id == null ? Future.succeededFuture(Optional.empty()) : find(id);
    }

    @Override
    public Future<Ids> ids(String from) {
        Instant now = clock.instant();
        List<String> page = new ArrayList<>();
        String last = null;
        Map<String, KeptSession> rest = from == null ? sessions : sessions.tailMap(from, false);
        for (Map.Entry<String, KeptSession> entry : rest.entrySet()) {
            if (page.size() == PAGE) {
                return Future.succeededFuture(new Ids(page, last));
            }
            last = entry.getKey();
            if (!entry.getValue().isOver(now)) {
                page.add(last);
            }
        }
        return Future.succeededFuture(new Ids(page, null));
    }

    @Override
    public Future<Void> involve(String node, String id) {
        return on(id, kept -> hints.involve(node, id));
    }

    @Override
    public Future<Set<String>> involved(String node) {
        return Future.succeededFuture(hints.involved(node));
    }

    @Override
    public Future<Set<String>> nodesInvolved() {
        return Future.succeededFuture(hints.nodesInvolved());
    }

    @Override
    public Future<List<Exchange>> takeOver(String id, String dead, String survivor) {
        return with(id, kept -> {
                    hints.involve(survivor, id);
                    return kept.takeOver(dead, survivor);
                })
                .map(taken -> taken.orElse(List.of()));
    }

    @Override
    public Future<Void> leave(String node, String id) {
        hints.leave(node, id);
        return Future.succeededFuture();
    }

    /** Forgets sessions whose time is over; to be called now and then. */
    public void sweep() {
        Instant now = clock.instant();
        swept = now;
        sessions.forEach((id, kept) -> {
            synchronized (kept) {
                if (kept.isOver(now)) {
                    forget(id, kept);
                }
            }
        });
    }

    private void sweepIfNotJustDone() {
        if (Duration.between(swept, clock.instant()).compareTo(SWEEP_AT_MOST_EVERY) >= 0) {
            sweep();
        }
    }

    @Override
    public Future<Void> close() {
        sessions.clear();
        hints.clear();
        return Future.succeededFuture();
    }

    private Future<Void> on(String id, Consumer<KeptSession> step) {
        now(id, kept -> {
            step.accept(kept);
            return kept;
        });
        return Future.succeededFuture();
    }

    private <T> Future<Optional<T>> with(String id, Function<KeptSession, T> step) {
        return Future.succeededFuture(now(id, step));
    }

    /** Does something with a session, unless its time is over. */
    private <T> Optional<T> now(String id, Function<KeptSession, T> step) {
        KeptSession kept = sessions.get(id);
        if (kept == null) {
            return Optional.empty();
        }
        synchronized (kept) {
            return kept.isOver(clock.instant()) ? Optional.empty() : Optional.of(step.apply(kept));
        }
    }
}
