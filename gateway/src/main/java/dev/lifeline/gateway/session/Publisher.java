package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
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
    /** In the order in which they were to be published, which need not be the order in which they failed. */
    private final NavigableMap<Long, Item> held = new TreeMap<>();

    private long published;
    private boolean trying;

    private static final class Item {
        private final long place;
        private final String stream;
        private final Event event;
        private final String key;
        private final Promise<Boolean> landed = Promise.promise();
        private int tries;

        Item(long place, String stream, Event event, String key) {
            this.place = place;
            this.stream = stream;
            this.event = event;
            this.key = key;
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
        Item item;
        synchronized (this) {
            item = new Item(++published, stream, event, key);
            if (!held.isEmpty()) {
                held.put(item.place, item);
                return item.landed.future();
            }
        }
        attempt(item);
        return item.landed.future();
    }

    private void attempt(Item item) {
        hub.publish(item.stream, List.of(item.event), item.key)
                .onSuccess(appended -> item.landed.complete(!appended.repeated()))
                .onFailure(away -> hold(item));
    }

    private void hold(Item item) {
        synchronized (this) {
            held.put(item.place, item);
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
            oldest = held.firstEntry().getValue();
        }
        hub.publish(oldest.stream, List.of(oldest.event), oldest.key).onComplete(done -> {
            if (done.succeeded()) {
                drop(oldest);
                oldest.landed.complete(!done.result().repeated());
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
            held.remove(oldest.place);
            more = !held.isEmpty();
            trying = more;
        }
        if (more) {
            time.soon(this::tryOldest);
        }
    }
}
