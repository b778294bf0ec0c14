package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.log.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's attendance of one stream: a position, and the step from it to the next.
 *
 * <pre>
 *   REPLAYING --ring covers the position--> LIVE --socket full--> LAGGING
 *       ^                                    ^                      |
 *       |                                    +---socket drained-----+
 *       +---the ring has moved on: read the log---------------------+        any --> CLOSED
 * </pre>
 *
 * <p>There is no seam between replay and live: both are "what comes after my position", asked of the ring first and of
 * the log where the ring does not reach. Live events wait in the ring meanwhile. Lives on its connection's event loop.
 */
public final class Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /** Where a subscription is in its life. */
    public enum Phase {
        REPLAYING,
        LIVE,
        LAGGING,
        CLOSED
    }

    /** Events read from the log at once, for a reader the ring cannot serve. */
    static final int PAGE = 256;

    /** Bytes of them written at once: a page may hold more than one socket should have waiting. */
    static final int PAGE_BYTES = 4 * Segment.WRITE_AT_MOST;

    /** Runs written to one reader in one pass. One whose socket never fills would keep the others waiting for ever. */
    static final int RUNS = 16;

    private final LocalStream stream;
    private final FanOut fanOut;
    private final Outlet outlet;
    private final Start start;

    private Phase phase = Phase.REPLAYING;
    private Cursor cursor;
    private boolean reading;
    private int place;

    Subscription(LocalStream stream, FanOut fanOut, Outlet outlet, Start start) {
        this.stream = stream;
        this.fanOut = fanOut;
        this.outlet = outlet;
        this.start = start;
        this.cursor = start.cursor();
    }

    public Phase phase() {
        return phase;
    }

    /** The position of the last event written, or null while nobody could say where this reader stands. */
    public Cursor cursor() {
        return cursor;
    }

    /** Ends the attendance; nothing is written any more. */
    public void close() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            fanOut.remove(this);
            stream.dismiss();
        }
    }

    /** Goes on from wherever this reader stands, as far as its socket and the events go. */
    void pump(FanOut.Shared shared) {
        try {
            goOn(shared);
        } catch (RuntimeException broken) {
            fail(broken);
        }
    }

    /** What an outlet did that throws, nobody knows; and the other readers of the pass must not suffer from it. */
    private void fail(RuntimeException broken) {
        LOG.error("a reader could not be served and is dropped", broken);
        close();
        outlet.broken();
    }

    private void goOn(FanOut.Shared shared) {
        if (phase == Phase.CLOSED || phase == Phase.LAGGING || reading || !begun()) {
            return;
        }
        for (int run = 0; phase != Phase.CLOSED; run++) {
            if (!outlet.writable()) {
                lag();
                return;
            }
            if (run == RUNS) {
                fanOut.wake();
                return;
            }
            Frames frames = shared.after(stream, cursor);
            if (frames == null) {
                replay();
                return;
            }
            phase = Phase.LIVE;
            if (frames == Frames.NONE) {
                return;
            }
            write(frames);
        }
    }

    /** Whether there is a position to go on from; finds one if it can. */
    private boolean begun() {
        if (cursor != null) {
            return true;
        }
        if (!stream.isOpen()) {
            return false;
        }
        if (start.kind() == Start.Kind.TAIL) {
            cursor = stream.reached();
            outlet.position(cursor);
            return true;
        }
        readLog();
        return false;
    }

    private void write(Frames frames) {
        cursor = frames.last();
        outlet.write(frames);
        stream.metrics().delivered(frames.events(), frames.bytes());
    }

    private void lag() {
        phase = Phase.LAGGING;
        stream.metrics().lagged();
        outlet.whenWritable(() -> {
            if (phase == Phase.LAGGING) {
                phase = Phase.REPLAYING;
                fanOut.wake();
            }
        });
    }

    /** The ring does not have what comes next: it is made to, or the log is read. Either way a wake-up follows. */
    private void replay() {
        phase = Phase.REPLAYING;
        if (!stream.reachFor(cursor)) {
            readLog();
        }
    }

    private void readLog() {
        reading = true;
        stream.read(cursor, PAGE)
                .onComplete(read -> fanOut.loop().execute(() -> {
                    reading = false;
                    // An unreachable log is no reason to end: the wake-up after the next position check comes here
                    // again.
                    if (read.succeeded() && phase != Phase.CLOSED) {
                        accept(read.result());
                    }
                }));
    }

    private void accept(Page page) {
        try {
            goOn(page);
        } catch (RuntimeException broken) {
            fail(broken);
        }
    }

    private void goOn(Page page) {
        announce(page);
        if (phase == Phase.CLOSED) {
            return;
        }
        if (page.events().isEmpty()) {
            stream.catchUp();
        } else {
            writePage(page);
        }
        fanOut.wake();
    }

    /** Where the reader stands now, if that is news to it. */
    private void announce(Page page) {
        boolean first = cursor == null;
        Gap gap = first && start.kind() == Start.Kind.UNKNOWN
                ? new Gap(null, page.start(), Gap.Reason.UNKNOWN)
                : page.gap();
        cursor = page.start();
        if (gap != null) {
            stream.metrics().gap(gap.reason().label());
            outlet.gap(gap);
        } else if (first) {
            outlet.position(cursor);
        }
    }

    private void writePage(Page page) {
        Frames frames = Frames.of(page, PAGE_BYTES);
        try {
            write(frames);
        } finally {
            frames.release();
        }
    }

    int place() {
        return place;
    }

    void place(int place) {
        this.place = place;
    }
}
