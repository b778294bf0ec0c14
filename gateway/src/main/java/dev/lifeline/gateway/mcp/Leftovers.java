package dev.lifeline.gateway.mcp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Streams of POSTs whose answers have been written: kept for clients that lost the end of theirs, and dropped when their
 * time is over, or sooner where there are too many. For every thread.
 */
public final class Leftovers {

    private static final int MOST = 20_000;

    private record Leftover(String stream, long since) {}

    // Guarded by itself; the oldest is the first.
    private final Deque<Leftover> kept = new ArrayDeque<>();

    void add(String stream, Consumer<String> drop) {
        Leftover beyond = null;
        synchronized (kept) {
            kept.addLast(new Leftover(stream, System.nanoTime()));
            if (kept.size() > MOST) {
                beyond = kept.pollFirst();
            }
        }
        if (beyond != null) {
            drop.accept(beyond.stream());
        }
    }

    /** Drops those that have been kept for so long. To be called now and then. */
    public void sweep(Duration time, Consumer<String> drop) {
        Leftover old;
        while ((old = oldest(time)) != null) {
            drop.accept(old.stream());
        }
    }

    private Leftover oldest(Duration time) {
        synchronized (kept) {
            Leftover first = kept.peekFirst();
            boolean due = first != null && System.nanoTime() - first.since() >= time.toNanos();
            return due ? kept.pollFirst() : null;
        }
    }
}
