package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.log.Page;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A log of one stream, as far away as a test likes: what is asked of it is carried out when the test says so, and
 * answered later still, in any order, or not at all. It may lose its tail, or everything, as a store that went back in
 * time does; it keeps the port's laws all the same. Node handles share it: {@link #node}.
 */
final class SimulatedLog {

    private record Kept(Cursor at, Event event) {}

    private final Random random;
    private final int retention;
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Set<String> nodes = new HashSet<>();
    private final History history;
    final SimulatedClaims claims = new SimulatedClaims(nodes);
    private Cursor tail = Cursor.origin(1);
    private boolean away;
    UnaryOperator<Page> lie = page -> page;

    SimulatedLog(Random random, int retention, History history) {
        this.random = random;
        this.retention = retention;
        this.history = history;
    }

    Log node(String name) {
        return new Node(name);
    }

    Cursor tail() {
        return tail;
    }

    /** The place before the oldest event kept. */
    Cursor base() {
        return kept.isEmpty()
                ? tail
                : new Cursor(kept.peek().at().epoch(), kept.peek().at().sequence() - 1);
    }

    void setAway(boolean away) {
        this.away = away;
    }

    /** Goes back in time by so many events. Nobody is told. */
    void forget(int events) {
        for (int i = 0; i < events && !kept.isEmpty(); i++) {
            Kept last = kept.removeLast();
            tail = new Cursor(last.at().epoch(), last.at().sequence() - 1);
        }
        history.rolledBack();
    }

    /** Carries out one request, or answers one; says whether there was anything to do. */
    boolean step() {
        boolean answer = !answers.isEmpty() && (asked.isEmpty() || random.nextBoolean());
        if (answer) {
            answers.remove(random.nextInt(answers.size())).run();
        } else if (!asked.isEmpty()) {
            asked.poll().run();
        } else {
            return false;
        }
        return true;
    }

    boolean isIdle() {
        return asked.isEmpty() && answers.isEmpty();
    }

    private <T> Future<T> ask(Supplier<T> step) {
        Promise<T> promise = Promise.promise();
        asked.add(() -> {
            // Carried out or not: a caller who gets no answer cannot know.
            boolean lost = away && random.nextBoolean();
            T result = away && !lost ? null : step.get();
            boolean failed = away;
            answers.add(() -> {
                if (failed) {
                    promise.fail(new LogUnavailable("away"));
                } else {
                    promise.complete(result);
                }
            });
        });
        return promise.future();
    }

    private void open(Cursor known) {
        if (known != null && known.isAfter(tail)) {
            tail = Cursor.origin(known.epoch() + 1);
        }
    }

    private Cursor append(List<Event> events) {
        Cursor first = tail.successor();
        for (Event event : events) {
            tail = tail.successor();
            kept.add(new Kept(tail, event));
            history.appended(tail, event, claims.holder());
        }
        while (kept.size() > retention) {
            kept.remove();
        }
        history.evictedUpTo(base());
        return first;
    }

    private Page read(Cursor after, int limit) {
        boolean ahead = after != null && after.epoch() >= tail.epoch() && after.isAfter(tail);
        List<Kept> rest = kept.stream()
                .filter(it -> after == null || ahead || it.at().isAfter(after))
                .limit(limit)
                .toList();
        Cursor start = rest.isEmpty()
                ? tail
                : new Cursor(rest.get(0).at().epoch(), rest.get(0).at().sequence() - 1);
        List<Event> events = new ArrayList<>();
        for (Kept next : rest) {
            if (next.at().equals(start.plus(events.size() + 1L))) {
                events.add(next.event());
            }
        }
        Gap gap = after == null || after.equals(start) ? null : new Gap(after, start, reason(after, start, ahead));
        return lie.apply(new Page(gap, start, events, tail, claims.lax ? 0 : claims.fence()));
    }

    private static Gap.Reason reason(Cursor from, Cursor to, boolean ahead) {
        if (ahead) {
            return Gap.Reason.UNKNOWN;
        }
        return from.epoch() == to.epoch() ? Gap.Reason.EVICTED : Gap.Reason.EPOCH;
    }

    /** The log as one node sees it. */
    private final class Node implements Log {

        private final String name;
        private final BooleanSupplier available = () -> !away;

        private Node(String name) {
            this.name = name;
        }

        @Override
        public Future<Appended> append(Append append) {
            return ask(() -> {
                open(append.known());
                Cursor first = SimulatedLog.this.append(append.events());
                return new Appended(first, append.events().size(), false, List.copyOf(nodes));
            });
        }

        @Override
        public Future<Page> read(String stream, Cursor after, int limit) {
            return ask(() -> SimulatedLog.this.read(after, limit));
        }

        @Override
        public Future<Attached> attach(Attach attach) {
            if (attach.claim() != null) {
                claims.heard(attach.claim());
            }
            return ask(() -> {
                open(attach.known());
                if (attach.claim() != null) {
                    return claims.claim(name, attach.claim(), tail);
                }
                nodes.add(name);
                return new Attached(Attached.Standing.HELD, tail, 0, List.of());
            });
        }

        @Override
        public Future<List<String>> remove(String stream, List<String> keys) {
            throw new UnsupportedOperationException("not simulated");
        }

        @Override
        public Future<Void> detach(String stream) {
            return ask(() -> {
                nodes.remove(name);
                return null;
            });
        }

        @Override
        public Future<Void> acknowledge(String stream, Cursor upTo) {
            return Future.succeededFuture();
        }

        @Override
        public boolean available() {
            return available.getAsBoolean();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
