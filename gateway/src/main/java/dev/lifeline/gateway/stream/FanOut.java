package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One event loop's readers of one stream, served in one pass: events that arrive while a pass is due go out with it, so
 * that a burst is one write per reader and not one per event.
 *
 * <p>Passes are paced by their own cost. A pass may take an eighth of the loop's time; the next waits for the rest, but
 * never longer than {@link #LONGEST_WAIT}. A lone reader is thus served at once, and a crowd under heavy traffic gets
 * its events in batches.
 */
final class FanOut implements Runnable {

    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(7);
    private static final int REST_PER_COST = 16;

    private final EventLoop loop;
    private final AtomicBoolean due = new AtomicBoolean();

    // Owned by the event loop.
    private final List<Subscription> readers = new ArrayList<>();

    // Written by the event loop, read by whoever wakes it: the earliest time of the next pass.
    private volatile long notBefore = System.nanoTime();

    FanOut(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /** Sees to it that a pass begins after this call. From any thread. */
    void wake() {
        if (due.compareAndSet(false, true)) {
            long wait = notBefore - System.nanoTime();
            if (wait <= 0) {
                loop.execute(this);
            } else {
                loop.schedule(this, wait, TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void run() {
        due.set(false);
        long begin = System.nanoTime();
        Shared shared = new Shared();
        // Backwards: a reader that closes during the pass is replaced by one that was served already.
        for (int i = readers.size() - 1; i >= 0; i--) {
            if (i < readers.size()) {
                readers.get(i).pump(shared);
            }
        }
        shared.release();
        long end = System.nanoTime();
        notBefore = end + Math.min(LONGEST_WAIT, (end - begin) * REST_PER_COST);
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

    boolean isEmpty() {
        return readers.isEmpty();
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
            Frames found = stream.after(cursor);
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
