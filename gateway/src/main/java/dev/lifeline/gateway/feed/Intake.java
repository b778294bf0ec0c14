package dev.lifeline.gateway.feed;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.client.SourceEvent;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Publishes what a source sent, one after the other, each until it is kept, and keeps the source's position right behind.
 * The source waits while there is much to publish. Lives on one context.
 */
final class Intake {

    /**
     * One event on its way.
     *
     * @param key recognises a repetition: ours, when the answer to an append was lost, or the source's
     * @param id the source's position once the event is kept, or null if that does not move it
     */
    record Item(Event event, String key, String id, Promise<Void> kept) {

        private static final String GAP = "gap";

        static Item of(Event event, SourceEvent from) {
            return new Item(event, from.named() ? digest(from) : anyKey(), from.id(), Promise.promise());
        }

        /** The verdict that something is missing before the next event. */
        static Item loss() {
            return new Item(verdict(), anyKey(), null, Promise.promise());
        }

        /** The same, in the source's own words at its own position. */
        static Item loss(SourceEvent said) {
            return new Item(verdict(), said.named() ? digest(said) : anyKey(), said.id(), Promise.promise());
        }

        private static Event verdict() {
            JsonObject why = new JsonObject().putNull("from").putNull("to").put("reason", "source");
            return new Event(GAP, why.encode());
        }

        private static String anyKey() {
            return "feed:" + UUID.randomUUID();
        }

        /** Of id and content together: some sources count the events of each connection from one. */
        private static String digest(SourceEvent event) {
            String whole = event.id() + '\n' + event.type() + '\n' + event.data();
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
                return "feed:" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    private static final long AGAIN_MILLIS = 500;

    private final Vertx vertx;
    private final Hub hub;
    private final String stream;
    private final FeedLease lease;
    private final long fence;
    private final Deque<Item> queue = new ArrayDeque<>();

    private long heldUntil;
    private boolean publishing;
    private boolean keeping;
    private String reached;
    private String kept;
    private boolean stopped;

    Intake(Vertx vertx, Hub hub, String stream, FeedLease lease, long fence) {
        this.vertx = vertx;
        this.hub = hub;
        this.stream = stream;
        this.lease = lease;
        this.fence = fence;
    }

    void renewed(long asked, String stored) {
        heldUntil = asked + lease.length().toNanos();
        kept = stored;
        if (reached != null) {
            keep(reached);
        }
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How far everything has been published. */
    String position(String before) {
        return reached == null ? before : reached;
    }

    void add(Item item) {
        queue.add(item);
        if (!publishing) {
            publish();
        }
    }

    private void publish() {
        Item first = queue.peek();
        if (first == null || stopped) {
            publishing = false;
            return;
        }
        publishing = true;
        if (System.nanoTime() - heldUntil >= 0) {
            // Whoever has taken the feed meanwhile has this event too.
            vertx.setTimer(AGAIN_MILLIS, due -> publish());
            return;
        }
        append(first)
                .onSuccess(appended -> published(first))
                .onFailure(away -> vertx.setTimer(AGAIN_MILLIS, due -> publish()));
    }

    private Future<Appended> append(Item item) {
        return Fault.at(Step.FEED)
                ? Future.failedFuture(new LogUnavailable(Fault.WORD))
                : hub.publish(stream, List.of(item.event()), item.key());
    }

    private void published(Item item) {
        queue.poll();
        item.kept().complete();
        if (item.id() != null) {
            keep(item.id());
        }
        publish();
    }

    /** Remembers a position for the next node; while one is on its way, only the newest of the others counts. */
    void keep(String position) {
        reached = position;
        if (keeping || stopped || position.equals(kept)) {
            return;
        }
        keeping = true;
        lease.keep(fence, position).onComplete(answer -> {
            keeping = false;
            kept = answer.succeeded() ? position : kept;
            if (answer.succeeded() && !answer.result()) {
                stop();
            } else if (answer.succeeded()) {
                keep(reached);
            }
        });
    }

    /** What is still under way is left to whoever follows next. */
    void stop() {
        stopped = true;
        queue.clear();
    }
}
