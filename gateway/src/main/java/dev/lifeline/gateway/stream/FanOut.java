package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One event loop's readers of one stream, served in one pass: events that arrive while a pass is due go out with it, so
 * that a burst is one write per reader and not one per event.
 *
 * <p>Passes are paced by their own cost: from the beginning of one to that of the next it is sixteen times what the
 * first took, but never longer than {@link #LONGEST_WAIT}, unless the pass itself was. A crowd under heavy traffic thus
 * gets its events in batches. A lone reader is served at once: waiting would spare no more than one of its own writes, and
 * it may be what the next event waits for, as with a client that makes one call after the other.
 *
 * <pre>
 *   IDLE --wake--> DUE --its time has come--> RUNNING --done--> IDLE
 *                   ^                           |
 *                   |                         wake
 *                   +--------done--- AGAIN <----+
 * </pre>
 */
final class FanOut implements Runnable {

    static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(7);
    private static final int PACE = 16;

    /** Whether a pass is to come, or is on, or both. */
    private enum State {
        IDLE,
        DUE,
        RUNNING,
        /** A pass is on that may have missed what the wake-up was for: another follows. */
        AGAIN
    }

    private final EventLoop loop;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    private final FanOut next;

    // Owned by the event loop. Most streams have one reader.
    private final List<Subscription> readers = new ArrayList<>(1);

    // The earliest time of the next pass. Written before the state goes back to IDLE, read after it has left it.
    private volatile long notBefore;

    /**
     * A fan-out without readers.
     *
     * @param next the same of another loop, or null
     */
    FanOut(EventLoop loop, FanOut next) {
        this.loop = loop;
        this.next = next;
        this.notBefore = now();
    }

    EventLoop loop() {
        return loop;
    }

    FanOut next() {
        return next;
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    /** Sees to it that a pass begins after this call. From any thread. */
    void wake() {
        State before = state.getAndUpdate(FanOut::woken);
        if (before == State.IDLE) {
            schedule();
        }
    }

    private static State woken(State state) {
        return state == State.IDLE || state == State.DUE ? State.DUE : State.AGAIN;
    }

    private void schedule() {
        long wait = notBefore - now();
        if (wait <= 0) {
            loop.execute(this);
        } else {
            loop.schedule(this, wait, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void run() {
        state.set(State.RUNNING);
        long begin = now();
        Shared shared = new Shared();
        try {
            pass(shared);
        } finally {
            shared.release();
            rest(begin);
        }
    }

    private void pass(Shared shared) {
        // Backwards: a reader that closes during the pass is replaced by one that was served already.
        for (int i = readers.size() - 1; i >= 0; i--) {
            if (i < readers.size()) {
                readers.get(i).pump(shared);
            }
        }
    }

    private void rest(long begin) {
        long cost = now() - begin;
        notBefore = readers.size() > 1 ? begin + Math.max(cost, Math.min(LONGEST_WAIT, cost * PACE)) : begin;
        if (!state.compareAndSet(State.RUNNING, State.IDLE)) {
            state.set(State.DUE);
            schedule();
        }
    }

    void add(Subscription reader) {
        reader.place(readers.size());
        readers.add(reader);
    }

    void remove(Subscription reader) {
        Subscription last = readers.remove(readers.size() - 1);
        if (last != reader) {
            readers.set(reader.place(), last);
            last.place(reader.place());
        }
    }

    /** The run written last in a pass, kept for the next reader: most stand at the same position. */
    static final class Shared {
        private Cursor from;
        private Frames frames;
        private Cursor head;

        /** What comes after a position, or {@link Frames#NONE}, or null where the ring does not reach. */
        Frames after(LocalStream stream, Cursor cursor) {
            if (cursor.equals(head)) {
                return Frames.NONE;
            }
            if (frames != null && cursor.equals(from)) {
                return frames;
            }
            Frames found = stream.replica().after(cursor);
            if (found == Frames.NONE) {
                head = cursor;
            } else if (found != null) {
                release();
                from = cursor;
                frames = found;
            }
            return found;
        }

        void release() {
            if (frames != null) {
                frames.release();
                frames = null;
            }
        }
    }
}
