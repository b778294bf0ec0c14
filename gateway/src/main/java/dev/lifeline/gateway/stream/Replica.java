package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.log.Page;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;

/**
 * This node's copy of a stream's recent events, and what it takes to keep it contiguous: an event that does not follow
 * the last one is not let in, it is a hint to read the log.
 *
 * <p>Called from any thread. The ring and the flags are guarded by this object's lock, which is never held across a call
 * to the log or to a reader.
 */
final class Replica {

    private static final int PAGE = 512;

    private final LocalStream stream;

    // Guarded by this.
    private final Ring ring;
    /** Null while nothing waits there. */
    private Early early;
    /** The highest position the ring ever stood at, or was known before it, where that is more than it stands at now. */
    private Cursor peak;

    private boolean catchingUp;
    private boolean behind;
    private boolean warm;
    private boolean warmUpFailed;
    private boolean lookedBack;
    private boolean dropped;

    Replica(LocalStream stream, Ring ring, Cursor known) {
        this.stream = stream;
        this.ring = ring;
        this.peak = known;
    }

    synchronized boolean isOpen() {
        return ring.head() != null;
    }

    /** The highest position known here, or null: where a reader of what is to come begins. */
    synchronized Cursor reached() {
        Cursor head = ring.head();
        return head == null || peak != null && peak.isAfter(head) ? peak : head;
    }

    synchronized Hub.View view(String name, int readers, int mostEvents) {
        double fill = Math.min(1, (double) ring.events() / mostEvents);
        return new Hub.View(name, readers, ring.events(), ring.bytes(), fill, reached());
    }

    synchronized boolean covers(Cursor cursor) {
        return ring.covers(cursor);
    }

    /** What comes after a position, or null where the ring does not reach. The caller releases it. */
    synchronized Frames after(Cursor cursor) {
        return ring.covers(cursor) ? ring.after(cursor, Segment.WRITE_AT_MOST) : null;
    }

    /** Whether a reader there has had the last event. What ended in one life may go on in another. */
    boolean endsAt(Cursor cursor) {
        Cursor end = ring.end();
        return end != null && cursor.epoch() == end.epoch() && cursor.sequence() >= end.sequence();
    }

    boolean knowsItsEnd() {
        return ring.end() != null;
    }

    Framing framing() {
        return ring.framing();
    }

    /** Gives everything back; nothing enters any more. */
    synchronized void drop() {
        dropped = true;
        early = null;
        peak = reached();
        ring.restart(null);
    }

    /** Takes events that were appended, here or elsewhere. */
    void deliver(Cursor first, List<Event> events) {
        boolean fits;
        synchronized (this) {
            if (dropped) {
                return;
            }
            fits = ring.offer(first, events);
            if (!fits) {
                early = early == null ? new Early() : early;
                early.add(first, events);
            } else if (early != null) {
                early.enter(ring);
            }
        }
        if (fits) {
            stream.wake();
        } else {
            startReading();
        }
    }

    /** Takes the log's word for where the stream stands; says whether something is missing here. */
    synchronized boolean standAt(Cursor tail) {
        if (dropped) {
            return false;
        }
        if (ring.head() == null) {
            ring.restart(tail);
        }
        if (warmUpFailed) {
            warmUpFailed = false;
            warm = false;
        }
        return isMissingSome(tail);
    }

    /** Whether this is where the ring stands, or where it now begins: at the beginning of a stream. */
    synchronized boolean standsAt(Cursor before) {
        if (!dropped && ring.head() == null && before.sequence() == 0) {
            ring.restart(before);
        }
        return before.equals(ring.head());
    }

    private boolean isMissingSome(Cursor tail) {
        return (early != null && early.wants(ring)) || behind || tail.isAfter(ring.head());
    }

    /** Reads what the ring is missing, until it has reached the tail as it is now or later. */
    void catchUp() {
        synchronized (this) {
            behind = true;
        }
        startReading();
    }

    /** One reading at a time: one that is on sees for itself what came meanwhile. */
    private void startReading() {
        synchronized (this) {
            if (catchingUp || ring.head() == null) {
                return;
            }
            catchingUp = true;
        }
        stream.metrics().caughtUp();
        readOn(nextPage());
    }

    private Future<Page> nextPage() {
        Cursor from;
        synchronized (this) {
            // What does not fit from here on may be newer than the page.
            behind = false;
            if (early != null) {
                early.asked();
            }
            from = ring.head();
        }
        return stream.read(from, PAGE);
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
        if (read.succeeded() && isBehindUs(read.result())) {
            stream.checkOnce();
        }
        // After every page: a reading that traffic keeps alive must not keep those waiting whom it has reached.
        stream.wake();
        return more;
    }

    /**
     * The log no longer has what we had from it, and only hears of that when it is told. Until then a reader between the
     * two would be sent from one to the other and back.
     */
    private static boolean isBehindUs(Page page) {
        return page.gap() != null && page.gap().reason() == Gap.Reason.UNKNOWN;
    }

    private boolean accept(Page page) {
        if (dropped) {
            return false;
        }
        // A page with a gap, or of a new epoch, may have been bridged, or overtaken, by what was delivered meanwhile.
        if (!ring.covers(page.start()) && page.end().isAfter(ring.head())) {
            ring.restart(page.start());
        }
        if (ring.covers(page.start())) {
            ring.offer(page.start().successor(), page.events());
        }
        boolean more = isMissingSome(page.tail());
        if (!more) {
            early = null;
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
        Future<Page> oldest = stream.read(null, PAGE);
        oldest.onComplete(read -> {
            beginAgain(read);
            readOn(oldest);
        });
    }

    private synchronized void beginAgain(AsyncResult<Page> oldest) {
        if (oldest.failed()) {
            // Not tried again before the log has answered a check, or readers would try without a pause.
            warmUpFailed = true;
        } else if (!dropped) {
            peak = reached();
            ring.restart(oldest.result().start());
            behind |= peak.isAfter(oldest.result().end());
        }
    }

    /** Sees whether a page that was read holds the end of the stream, wherever the page goes. */
    void lookForEnd(Page page) {
        if (framing().mayEnd()) {
            ring.lookForEnd(page.start().successor(), page.events());
        }
    }

    /**
     * A reader has everything. If the newest event never passed through here, it may have been the last: the log is asked
     * for it once, and the readers are woken if it was.
     */
    void lookBack() {
        Cursor head;
        synchronized (this) {
            head = ring.head();
            if (!framing().mayEnd() || lookedBack || head == null || head.sequence() == 0 || ring.events() > 0) {
                return;
            }
            lookedBack = true;
        }
        stream.read(head.plus(-1), 1).onComplete(this::lookedBack);
    }

    private void lookedBack(AsyncResult<Page> newest) {
        if (newest.failed()) {
            synchronized (this) {
                // Until the next check wakes somebody.
                lookedBack = false;
            }
        } else if (knowsItsEnd()) {
            stream.wake();
        }
    }
}
