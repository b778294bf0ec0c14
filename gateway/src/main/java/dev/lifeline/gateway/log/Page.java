package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.List;

/**
 * A run of events without a hole.
 *
 * @param gap what is missing before this run, or null
 * @param start the position right before the first event. Without a gap it may still be of a later epoch than the one that was
 *     read after: of a store that was started again, and goes on with all it had
 * @param tail the last position of the stream at the time of reading
 * @param fence of the node that had the stream for itself then, or 0; see {@link Attached}
 */
public record Page(Gap gap, Cursor start, List<Event> events, Cursor tail, long fence) {

    /** No further event is put into a page that has reached this; so one event may exceed it, and is a page of its own. */
    static final long MOST_BYTES = 1024 * 1024;

    public Page(Gap gap, Cursor start, List<Event> events, Cursor tail) {
        this(gap, start, events, tail, 0);
    }

    /** The position of the last event, or the start of an empty page. */
    public Cursor end() {
        return start.plus(events.size());
    }
}
