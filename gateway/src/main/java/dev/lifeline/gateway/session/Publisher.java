package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Settled;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes what an upstream said to one session's streams, and does not give up while the log is away: an outcome that
 * was dropped would leave a client waiting for ever. Everything has a key, so that trying again lands once.
 *
 * <p>Bounded by what waits for it: a link stops reading when too much of what it read is not kept yet, and exchanges are
 * limited in number.
 */
final class Publisher {

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST_TRIES = 600;

    private final Time time;
    private final Hub hub;
    private final String prefix;
    private final AtomicLong numbers = new AtomicLong();

    // Guarded by this: what is not kept yet of each stream, the one under way first.
    private final Map<String, Queue<Item>> waiting = new HashMap<>();

    private static final class Item {
        private final String stream;
        private final Event event;
        private final String key;
        private final Settled settled;
        private final Promise<Appended> landed = Promise.promise();
        private int tries;

        Item(String stream, Event event, String key, Settled settled) {
            this.stream = stream;
            this.event = event;
            this.key = key;
            this.settled = settled;
        }
    }

    /**
     * The publisher of a session.
     *
     * @param prefix unique to this object, for keys of what has none
     */
    Publisher(Time time, Hub hub, String prefix) {
        this.time = time;
        this.hub = hub;
        this.prefix = prefix;
    }

    /** Publishes under a key of its own. */
    Future<Boolean> publish(String stream, Event event) {
        return publish(stream, event, prefix + Long.toString(numbers.incrementAndGet(), Character.MAX_RADIX));
    }

    /**
     * Publishes, and says whether it landed now; false where the key had been used. Of one stream, one at a time: of two
     * under way, the first may fail and the second be kept.
     */
    Future<Boolean> publish(String stream, Event event, String key) {
        return publish(stream, event, key, null).map(appended -> !appended.repeated());
    }

    /** Publishes what puts an end to something else, and says how it landed. */
    Future<Appended> publish(String stream, Event event, String key, Settled settled) {
        Item item = new Item(stream, event, key, settled);
        synchronized (this) {
            Queue<Item> line = waiting.computeIfAbsent(stream, named -> new ArrayDeque<>());
            line.add(item);
            if (line.size() > 1) {
                return item.landed.future();
            }
        }
        attempt(item);
        return item.landed.future();
    }

    private void attempt(Item item) {
        hub.publish(item.stream, List.of(item.event), item.key, item.settled).onComplete(done -> {
            if (done.succeeded()) {
                item.landed.complete(done.result());
                next(item);
            } else if (++item.tries >= MOST_TRIES) {
                item.landed.fail(done.cause());
                next(item);
            } else {
                time.after(PAUSE, () -> attempt(item));
            }
        });
    }

    /** It is the turn of the one behind it. */
    private void next(Item settled) {
        Item next;
        synchronized (this) {
            Queue<Item> line = waiting.get(settled.stream);
            line.remove();
            next = line.peek();
            if (next == null) {
                waiting.remove(settled.stream);
            }
        }
        if (next != null) {
            attempt(next);
        }
    }
}
