package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An inbound that remembers what it was told, and can be slow to keep it. */
final class Told implements Inbound {

    /** A message and the upstream's id of it. */
    record One(Message message, String eventId) {}

    private final List<One> all = new CopyOnWriteArrayList<>();
    private final List<String> positions = new CopyOnWriteArrayList<>();
    private final List<Long> pauses = new CopyOnWriteArrayList<>();
    private final List<Ending> endings = new CopyOnWriteArrayList<>();
    private final List<Promise<Void>> held = new CopyOnWriteArrayList<>();
    private final AtomicInteger interruptions = new AtomicInteger();
    private volatile boolean slow;

    /** Keeps nothing from now on, until {@link #keepAll}. */
    Told slow() {
        slow = true;
        return this;
    }

    void keepAll() {
        slow = false;
        held.forEach(Promise::tryComplete);
    }

    @Override
    public Future<Void> received(Message message, String eventId) {
        all.add(new One(message, eventId));
        if (!slow) {
            return Future.succeededFuture();
        }
        Promise<Void> kept = Promise.promise();
        held.add(kept);
        return kept.future();
    }

    @Override
    public void position(String eventId) {
        positions.add(eventId);
    }

    @Override
    public void paused(long retryMillis) {
        pauses.add(retryMillis);
    }

    @Override
    public void interrupted() {
        interruptions.incrementAndGet();
    }

    @Override
    public void ended(Ending ending) {
        endings.add(ending);
    }

    int count() {
        return all.size();
    }

    List<One> all() {
        return all;
    }

    List<JsonObject> messages() {
        return all.stream().map(one -> new JsonObject(one.message().text())).toList();
    }

    List<String> positions() {
        return positions;
    }

    List<Long> pauses() {
        return pauses;
    }

    int interruptions() {
        return interruptions.get();
    }

    List<Ending> endings() {
        return endings;
    }

    /** How it ended, once it has. */
    Ending ending() {
        eventually("an end", () -> !endings.isEmpty());
        return endings.get(0);
    }

    /** The last message, once it has ended as it should. */
    JsonObject answer() {
        if (ending() != Ending.DONE) {
            throw new AssertionError("ended " + endings + " after " + messages());
        }
        return messages().get(all.size() - 1);
    }

    /** The text a tool answered with. */
    String text() {
        return answer().getJsonObject("result")
                .getJsonArray("content")
                .getJsonObject(0)
                .getString("text");
    }

    Told awaitCount(int count) {
        eventually(count + " messages", () -> all.size() >= count);
        return this;
    }
}
