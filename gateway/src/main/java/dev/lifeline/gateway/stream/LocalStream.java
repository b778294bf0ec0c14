package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * This node's part of a stream: the ring of its recent events and the readers here. It keeps the ring contiguous: an
 * event that does not follow the last one is not let in, it is a hint to read the log.
 *
 * <p>Called from any thread. The ring and the flags are guarded by this object's lock, which is never held across a call
 * to the log or to a reader.
 */
final class LocalStream {

    private static final int PAGE = 512;

    private final String name;
    private final Log log;
    private final GatewayMetrics metrics;
    private final List<FanOut> fanOuts = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final Ring ring;
    private boolean catchingUp;
    private boolean behind;
    private boolean warm;
    private boolean retired;
    private int readers;
    private long idleSince = System.nanoTime();

    LocalStream(String name, Log log, GatewayMetrics metrics, Ring ring) {
        this.name = name;
        this.log = log;
        this.metrics = metrics;
        this.ring = ring;
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    String name() {
        return name;
    }

    synchronized boolean isOpen() {
        return ring.head() != null;
    }

    synchronized Cursor head() {
        return ring.head();
    }

    synchronized int readers() {
        return readers;
    }

    synchronized long ringEvents() {
        return ring.events();
    }

    synchronized long ringBytes() {
        return ring.bytes();
    }

    synchronized boolean covers(Cursor cursor) {
        return ring.covers(cursor);
    }

    /** What comes after a position, or null where the ring does not reach. The caller releases it. */
    synchronized Frames after(Cursor cursor) {
        return ring.covers(cursor) ? ring.after(cursor, Segment.WRITE_AT_MOST) : null;
    }

    /** Counts a reader in, unless this stream has been given up already. */
    synchronized boolean admit() {
        if (!retired) {
            readers++;
        }
        return !retired;
    }

    synchronized void dismiss() {
        readers--;
        idleSince = System.nanoTime();
    }

    /** Gives the stream up if it had no reader for so long. */
    synchronized boolean retireIfIdle(long nanos) {
        if (!retired && readers == 0 && System.nanoTime() - idleSince >= nanos) {
            retired = true;
            ring.restart(null);
        }
        return retired;
    }

    /** The fan-out of an event loop; called on that loop. */
    FanOut fanOut(EventLoop loop) {
        for (FanOut fanOut : fanOuts) {
            if (fanOut.loop() == loop) {
                return fanOut;
            }
        }
        FanOut fanOut = new FanOut(loop);
        fanOuts.add(fanOut);
        return fanOut;
    }

    Future<Page> read(Cursor after, int limit) {
        return log.read(name, after, limit);
    }

    /** Takes events that were appended, here or elsewhere. */
    void deliver(Cursor first, List<Event> events) {
        boolean fits;
        synchronized (this) {
            if (retired) {
                return;
            }
            fits = offer(first, events);
            behind |= !fits;
        }
        if (fits) {
            wake();
        } else {
            catchUp();
        }
    }

    /** Lets in what follows the head; false means there is something between the head and these events. */
    private boolean offer(Cursor first, List<Event> events) {
        Cursor head = ring.head();
        if (head == null || first.epoch() != head.epoch() || first.sequence() > head.sequence() + 1) {
            return false;
        }
        long known = head.sequence() + 1 - first.sequence();
        for (int i = (int) Math.min(known, events.size()); i < events.size(); i++) {
            ring.append(events.get(i));
        }
        return true;
    }

    /**
     * Compares this node's position with the log's, and tells the log that the stream has readers here. Opens the stream
     * when nothing is known of it yet. Every failure on the way is made good by the next check.
     */
    Future<Void> check() {
        return log.attach(name, head()).map(tail -> {
            if (standAt(tail)) {
                catchUp();
            } else {
                wake();
            }
            return null;
        });
    }

    private synchronized boolean standAt(Cursor tail) {
        if (ring.head() == null && !retired) {
            ring.restart(tail);
        }
        return behind || tail.isAfter(ring.head());
    }

    /** Reads what the ring is missing, until it has reached the tail; one such reading at a time. */
    void catchUp() {
        synchronized (this) {
            behind = true;
            if (catchingUp || ring.head() == null) {
                return;
            }
            catchingUp = true;
        }
        metrics.caughtUp();
        readOn();
    }

    private void readOn() {
        Cursor from;
        synchronized (this) {
            behind = false;
            from = ring.head();
        }
        read(from, PAGE).onComplete(this::goOn);
    }

    private void goOn(AsyncResult<Page> read) {
        if (read.succeeded() && accept(read.result())) {
            readOn();
            return;
        }
        synchronized (this) {
            catchingUp = false;
        }
        wake();
    }

    /** Takes a page of the log, and says whether there is more to read. */
    private synchronized boolean accept(Page page) {
        if (retired) {
            return false;
        }
        if (page.gap() != null || ring.head() == null) {
            ring.restart(page.start());
        }
        if (!page.events().isEmpty() && !offer(page.start().successor(), page.events())) {
            behind = true;
        }
        return behind || page.tail().isAfter(ring.head());
    }

    /**
     * Whether waiting will help a reader whose position the ring does not cover: something is being read that may reach
     * it. The first to come back makes the ring hold all the log has, so that those who come back after it find it there.
     */
    boolean reachFor(Cursor cursor) {
        synchronized (this) {
            if (catchingUp || ring.head() == null) {
                return true;
            }
            if (warm || cursor.epoch() != ring.head().epoch()) {
                return false;
            }
            warm = true;
            catchingUp = true;
        }
        warmUp();
        return true;
    }

    private void warmUp() {
        read(null, PAGE).onComplete(read -> {
            if (read.succeeded()) {
                synchronized (this) {
                    ring.restart(read.result().start());
                }
            }
            goOn(read);
        });
    }

    void wake() {
        for (FanOut fanOut : fanOuts) {
            fanOut.wake();
        }
    }
}
