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
import java.util.List;
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

    // Guarded by this.
    private final Queue<Item> held = new ArrayDeque<>();
    private boolean trying;

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

    /** Publishes, and says whether it landed now; false where the key had been used. */
    Future<Boolean> publish(String stream, Event event, String key) {
        return publish(stream, event, key, null).map(appended -> !appended.repeated());
    }

    /** Publishes what puts an end to something else, and says how it landed. */
    Future<Appended> publish(String stream, Event event, String key, Settled settled) {
        Item item = new Item(stream, event, key, settled);
        synchronized (this) {
            if (!held.isEmpty()) {
                held.add(item);
                return item.landed.future();
            }
        }
        attempt(item);
        return item.landed.future();
    }

    private void attempt(Item item) {
        publish(item).onSuccess(item.landed::complete).onFailure(away -> hold(item));
    }

    private Future<Appended> publish(Item item) {
        return hub.publish(item.stream, List.of(item.event), item.key, item.settled);
    }

    private void hold(Item item) {
        synchronized (this) {
            held.add(item);
            if (trying) {
                return;
            }
            trying = true;
        }
        later();
    }

    private void later() {
        time.after(PAUSE, this::tryOldest);
    }

    private void tryOldest() {
        Item oldest;
        synchronized (this) {
            oldest = held.peek();
        }
        publish(oldest).onComplete(done -> {
            if (done.succeeded()) {
                drop(oldest);
                oldest.landed.complete(done.result());
            } else if (++oldest.tries >= MOST_TRIES) {
                drop(oldest);
                oldest.landed.fail(done.cause());
            } else {
                later();
            }
        });
    }

    private void drop(Item oldest) {
        boolean more;
        synchronized (this) {
            held.remove(oldest);
            more = !held.isEmpty();
            trying = more;
        }
        if (more) {
            time.soon(this::tryOldest);
        }
    }
}
