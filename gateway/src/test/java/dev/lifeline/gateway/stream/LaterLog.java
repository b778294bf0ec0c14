package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.log.Retention;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A log in memory that may hold its answers back until it is told to give them, and remembers what it was asked. */
final class LaterLog implements Log {

    private record Held(Runnable give, Runnable refuse) {}

    private final MemoryLog kept;
    private final Deque<Held> held = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private boolean holding;
    private Cursor known;

    LaterLog(int events) {
        Duration day = Duration.ofDays(1);
        this.kept = new MemoryLog(
                new Retention(events, Long.MAX_VALUE, day, day, day), 1_000_000, "here", InstantSource.system());
    }

    void hold() {
        holding = true;
    }

    /** Gives the oldest answer held back. */
    void answer() {
        held.remove().give().run();
    }

    /** Gives the newest answer held back, before those that were asked for earlier. */
    void answerNewest() {
        held.removeLast().give().run();
    }

    void answerAll() {
        holding = false;
        while (!held.isEmpty()) {
            answer();
        }
    }

    void refuse() {
        held.remove().refuse().run();
    }

    int heldBack() {
        return held.size();
    }

    long asked(String verb) {
        return calls.stream().filter(verb::equals).count();
    }

    /** What the last append said to know of its stream. */
    Cursor known() {
        return known;
    }

    List<String> calls() {
        return calls;
    }

    /** Appends as another node would, without anybody here knowing. */
    Cursor elsewhere(String stream, Event... events) {
        return elsewhere(stream, null, events);
    }

    Cursor elsewhere(String stream, String key, Event... events) {
        return kept.append(new Append(stream, List.of(events), key, null))
                .result()
                .first();
    }

    private <T> Future<T> later(String verb, Future<T> answer) {
        calls.add(verb);
        if (!holding) {
            return answer;
        }
        Promise<T> promise = Promise.promise();
        held.add(new Held(() -> promise.handle(answer), () -> promise.fail(new LogUnavailable("away"))));
        return promise.future();
    }

    @Override
    public Future<Appended> append(Append append) {
        known = append.known();
        return later("append", kept.append(append));
    }

    @Override
    public Future<Page> read(String stream, Cursor after, int limit) {
        return later("read", kept.read(stream, after, limit));
    }

    @Override
    public Future<Attached> attach(Attach attach) {
        return later("attach", kept.attach(attach));
    }

    @Override
    public Future<List<String>> remove(String stream, List<String> keys) {
        return later("remove", kept.remove(stream, keys));
    }

    @Override
    public Future<Void> detach(String stream) {
        return later("detach", kept.detach(stream));
    }

    @Override
    public Future<Void> acknowledge(String stream, Cursor upTo) {
        return later("acknowledge", kept.acknowledge(stream, upTo));
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Future<Void> close() {
        return kept.close();
    }
}
