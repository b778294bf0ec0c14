package dev.lifeline.gateway.clustered;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A client as clients should be: when its stream ends, however it ends, it resumes elsewhere by the last id it has. */
final class Follower implements AutoCloseable {

    private final List<Heard> events = new CopyOnWriteArrayList<>();
    private final List<Heard> ends = new CopyOnWriteArrayList<>();
    private final Function<String, SseClient> elsewhere;
    private volatile SseClient client;
    private volatile boolean closed;
    private String lastId;

    /** Follows a stream just opened, and from then on those that it is given for its last id. */
    Follower(SseClient first, Function<String, SseClient> elsewhere) {
        this.elsewhere = elsewhere;
        this.client = first;
        this.lastId = first.next(Kind.POSITION).id();
        Thread thread = new Thread(this::follow, "follower");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        while (!closed) {
            listen();
            if (!closed) {
                client = elsewhere.apply(lastId);
            }
        }
    }

    private void listen() {
        for (Heard next = client.next(); ; next = client.next()) {
            if (next.is(Kind.END) || next.is(Kind.CUT)) {
                ends.add(next);
                return;
            }
            if (next.is(Kind.EVENT)) {
                lastId = next.id();
                events.add(next);
            }
        }
    }

    /** All it has heard so far. */
    List<String> texts() {
        return events.stream().map(Heard::text).toList();
    }

    int count() {
        return events.size();
    }

    /** How its streams ended. */
    List<Heard> ends() {
        return ends;
    }

    /** From a moment to the first event heard after it. */
    long millisToNextEvent(long nanos) {
        return events.stream()
                        .mapToLong(event -> event.nanos() - nanos)
                        .filter(after -> after > 0)
                        .min()
                        .orElseThrow()
                / 1_000_000;
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
