package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far streams had come that this node only writes to: what it says to a log that may have gone back in time, so that
 * readers hear of what was lost. The streams of the latest appends are remembered.
 */
final class Heights {

    private final Map<String, Cursor> reached;

    Heights(int most) {
        reached = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Cursor> eldest) {
                return size() > most;
            }
        };
    }

    /** The highest position known of a stream, or null. */
    synchronized Cursor of(String stream) {
        return reached.get(stream);
    }

    /** A stream stood there once, whatever it is told later. */
    synchronized void rise(String stream, Cursor to) {
        reached.merge(stream, to, (one, other) -> one.isAfter(other) ? one : other);
    }

    synchronized void forget(String stream) {
        reached.remove(stream);
    }
}
