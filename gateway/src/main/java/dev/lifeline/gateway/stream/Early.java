package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.List;
import java.util.TreeMap;

/**
 * Runs of events that were delivered before the ones they follow. They wait here while the log is read, so that a stream
 * under steady traffic comes back to taking deliveries instead of reading the log for every one it had to refuse.
 *
 * <p>Bounded, and only a saving: what does not fit is forgotten and read from the log. Not safe by itself; {@link
 * LocalStream} locks.
 */
final class Early {

    static final int MOST_RUNS = 1024;
    static final int MOST_CHARS = 1024 * 1024;

    private final TreeMap<Cursor, List<Event>> runs = new TreeMap<>();
    private long chars;
    private boolean forgetful;

    void add(Cursor first, List<Event> events) {
        long length = length(events);
        if (runs.size() >= MOST_RUNS || chars + length > MOST_CHARS) {
            forgetful = true;
        } else if (runs.putIfAbsent(first, events) == null) {
            chars += length;
        } else {
            // Two runs from one position, perhaps of different lengths: the log knows.
            forgetful = true;
        }
    }

    /** Puts what follows now into the ring, and says whether that was everything there was. */
    boolean enter(Ring ring) {
        while (!runs.isEmpty() && ring.offer(runs.firstKey(), runs.firstEntry().getValue())) {
            chars -= length(runs.pollFirstEntry().getValue());
        }
        return runs.isEmpty() && !forgetful;
    }

    /** What was forgotten so far is being read from the log. */
    void forgive() {
        forgetful = false;
    }

    void clear() {
        runs.clear();
        chars = 0;
        forgetful = false;
    }

    private static long length(List<Event> events) {
        return events.stream().mapToLong(event -> event.data().length()).sum();
    }
}
