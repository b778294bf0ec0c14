package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
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

    /** Whether it may write. Only at an exclusive stream is that a question. */
    private enum Right {
        /** The log has not said yet. */
        AWAITED,
        GRANTED,
        /** Somebody newer has it. */
        REVOKED
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

    // Changed under the stream's lock, from any thread.
    private volatile Right right;
    private Cursor tailWhenGranted;

    private Phase phase = Phase.REPLAYING;
    private Cursor cursor;
    private boolean reading;
    private int place;

    Subscription(LocalStream stream, FanOut fanOut, Outlet outlet, Start start) {
        this.stream = stream;
        this.fanOut = fanOut;
        this.outlet = outlet;
        this.start = start;
        this.right = stream.isExclusive() ? Right.AWAITED : Right.GRANTED;
        this.cursor = start.cursor();
    }

    public Phase phase() {
        return phase;
    }

    /** The position of the last event written, or null while nobody could say where this reader stands. */
    public Cursor cursor() {
        return cursor;
    }

    /** The name of what it attends. */
    public String stream() {
        return stream.name();
    }

    /** How many events of the present epoch this node knows of that this reader has not got. */
    public long behind() {
        Cursor newest = stream.replica().reached();
        boolean comparable = cursor != null && newest != null && newest.epoch() == cursor.epoch();
        return comparable ? Math.max(0, newest.sequence() - cursor.sequence()) : 0;
    }

    /** The last event its client says it has, or null. */
    Cursor heard() {
        return start.cursor();
    }

    boolean beginsFirst() {
        return start.kind() == Start.Kind.FIRST;
    }

    /** Lets the log know of this reader, if it began as the first: from now on others may know of the stream. */
    public void claim() {
        if (beginsFirst() && phase != Phase.CLOSED) {
            stream.check();
        }
    }

    /** Ends the attendance; nothing is written any more. */
    public void close() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            fanOut.remove(this);
            stream.dismiss(this);
        }
    }

    /** The log says that this reader may read, and where the stream stood then. */
    void grant(Cursor tail) {
        if (right == Right.AWAITED) {
            tailWhenGranted = tail;
            right = Right.GRANTED;
        }
    }

    /** Somebody newer reads: from now on nothing is written any more. */
    void revoke() {
        right = Right.REVOKED;
    }

    /** Tells the client so, after {@link #revoke()}. From any thread. */
    void giveWay() {
        if (fanOut.loop().inEventLoop()) {
            yieldNow();
        } else {
            fanOut.loop().execute(this::yieldNow);
        }
    }

    private void yieldNow() {
        if (phase == Phase.CLOSED) {
            return;
        }
        close();
        try {
            outlet.superseded();
        } catch (RuntimeException broken) {
            fail(broken);
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
        if (phase == Phase.CLOSED || phase == Phase.LAGGING || reading || right == Right.REVOKED) {
            return;
        }
        if (right == Right.GRANTED && begun()) {
            run(shared);
        } else if (stream.isRemoved() && !reading) {
            finish();
        }
    }

    private void run(FanOut.Shared shared) {
        for (int run = 0; phase != Phase.CLOSED && right == Right.GRANTED; run++) {
            if (stream.replica().endsAt(cursor)) {
                finish();
            } else if (!outlet.writable()) {
                lag();
                return;
            } else if (run == RUNS) {
                fanOut.wake();
                return;
            } else if (!step(shared)) {
                return;
            }
            if (Fault.armed() && behind() > 0) {
                Fault.at(Step.REPLAY, IllegalStateException::new);
            }
        }
    }

    /** Writes what comes next, if that is at hand. */
    private boolean step(FanOut.Shared shared) {
        Frames frames = shared.after(stream, cursor);
        if (frames != null && frames != Frames.NONE) {
            phase = Phase.LIVE;
            write(frames);
            return true;
        }
        if (stream.isRemoved()) {
            finish();
        } else if (frames == null) {
            replay();
        } else {
            if (Fault.armed() && start.kind() == Start.Kind.AFTER) {
                Fault.at(Step.SEAM, IllegalStateException::new);
            }
            phase = Phase.LIVE;
            stream.replica().lookBack();
        }
        return false;
    }

    private void finish() {
        close();
        outlet.finished();
    }

    /** Whether there is a position to go on from; finds one if it can. */
    private boolean begun() {
        if (cursor != null) {
            return true;
        }
        if (!stream.replica().isOpen() || stream.isRemoved()) {
            return false;
        }
        Cursor reached = stream.replica().reached();
        boolean fromOldest = start.kind() == Start.Kind.OLDEST || beginsFirst();
        if (start.kind() == Start.Kind.TAIL) {
            beginAt(reached);
        } else if (fromOldest && isEmpty(tailWhenGranted)) {
            beginAt(tailWhenGranted);
        } else if (fromOldest && isEmpty(reached)) {
            beginAt(reached);
        } else {
            readLog();
        }
        return cursor != null;
    }

    /** There is nothing to read where nothing was ever written. */
    private static boolean isEmpty(Cursor tail) {
        return tail != null && tail.sequence() == 0;
    }

    private void beginAt(Cursor position) {
        cursor = position;
        outlet.position(position);
    }

    private void write(Frames frames) {
        Fault.at(Step.WRITE, IllegalStateException::new);
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
        if (!stream.replica().reachFor(cursor)) {
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
                    if (read.succeeded() && phase != Phase.CLOSED && right == Right.GRANTED) {
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
            stream.replica().catchUp();
        } else {
            writePage(page);
            Fault.at(Step.REPLAY, IllegalStateException::new);
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
        Frames frames = Frames.of(page, stream.replica().framing(), PAGE_BYTES);
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
