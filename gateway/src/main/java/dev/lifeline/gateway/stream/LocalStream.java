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
    private final Early early = new Early();
    /** The highest position the ring ever stood at, where that is more than it stands at now. */
    private Cursor peak;

    private boolean opening;
    private boolean catchingUp;
    private boolean behind;
    private boolean warm;
    private boolean warmUpFailed;
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

    /** The highest position known here, or null: where a reader of what is to come begins. */
    synchronized Cursor reached() {
        Cursor head = ring.head();
        return head != null && peak != null && peak.isAfter(head) ? peak : head;
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
            early.clear();
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
            fits = ring.offer(first, events);
            if (fits) {
                early.enter(ring);
            } else {
                behind = true;
                early.add(first, events);
            }
        }
        if (fits) {
            wake();
        } else {
            catchUp();
        }
    }

    /** Opens the stream, unless that is under way: a crowd that comes back at once asks the log once. */
    void open() {
        synchronized (this) {
            if (opening) {
                return;
            }
            opening = true;
        }
        check().onComplete(checked -> {
            synchronized (this) {
                opening = false;
            }
        });
    }

    /**
     * Compares this node's position with the log's, and tells the log that the stream has readers here. Opens the stream
     * when nothing is known of it yet. Every failure on the way is made good by the next check.
     */
    Future<Void> check() {
        return log.attach(name, reached()).map(tail -> {
            if (standAt(tail)) {
                catchUp();
            }
            wake();
            return null;
        });
    }

    private synchronized boolean standAt(Cursor tail) {
        if (retired) {
            return false;
        }
        if (ring.head() == null) {
            ring.restart(tail);
        }
        if (warmUpFailed) {
            warmUpFailed = false;
            warm = false;
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
        readOn(nextPage());
    }

    private Future<Page> nextPage() {
        Cursor from;
        synchronized (this) {
            // What does not fit from here on may be newer than the page.
            behind = false;
            early.forgive();
            from = ring.head();
        }
        return read(from, PAGE);
    }

    /** Page after page. A log that answers at once is asked in a loop: its pages may be more than the stack is deep. */
    private void readOn(Future<Page> first) {
        Future<Page> page = first;
        while (page.isComplete()) {
            if (!goOn(page)) {
                return;
            }
            page = nextPage();
        }
        Future<Page> coming = page;
        coming.onComplete(read -> readOn(coming));
    }

    /** Takes an answer of the log, and says whether there is more to read. */
    private boolean goOn(Future<Page> read) {
        boolean more = false;
        synchronized (this) {
            try {
                more = read.succeeded() && accept(read.result());
                behind |= read.failed();
            } finally {
                // Under the same lock as the decision: who finds a reading on may rely on it to see what came before.
                catchingUp = more;
            }
        }
        // After every page: a reading that traffic keeps alive must not keep those waiting whom it has reached.
        wake();
        return more;
    }

    private boolean accept(Page page) {
        if (retired) {
            return false;
        }
        // A page with a gap may have been bridged, or overtaken, by what was delivered meanwhile.
        if (page.gap() != null && !ring.covers(page.start()) && page.end().isAfter(ring.head())) {
            ring.restart(page.start());
        }
        if (page.gap() == null || ring.covers(page.start())) {
            ring.offer(page.start().successor(), page.events());
        }
        behind &= !early.enter(ring);
        boolean more = behind || page.tail().isAfter(ring.head());
        if (!more) {
            early.clear();
        }
        return more;
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
        Future<Page> oldest = read(null, PAGE);
        oldest.onComplete(read -> {
            beginAgain(read);
            readOn(oldest);
        });
    }

    private synchronized void beginAgain(AsyncResult<Page> oldest) {
        if (oldest.failed()) {
            // Not tried again before the log has answered a check, or readers would try without a pause.
            warmUpFailed = true;
        } else if (!retired) {
            peak = reached();
            ring.restart(oldest.result().start());
            behind |= peak.isAfter(oldest.result().end());
        }
    }

    void wake() {
        for (FanOut fanOut : fanOuts) {
            fanOut.wake();
        }
    }
}
