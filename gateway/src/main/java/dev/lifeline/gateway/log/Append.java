package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.List;

/**
 * What is to be appended.
 *
 * @param key under which a repetition is recognised and lands nowhere, or null
 * @param known the highest position the caller remembers of the stream, or null; see {@link Log#attach}
 * @param settled what is over when this is kept, or null; {@link Appended#settled()} tells whether it was dropped
 */
public record Append(String stream, List<Event> events, String key, Cursor known, Settled settled) {

    public Append {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
    }

    public Append(String stream, List<Event> events, String key, Cursor known) {
        this(stream, events, key, known, null);
    }
}
