package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.List;

/**
 * Carries appended events to other nodes' hubs. A hint and nothing more: what it loses, doubles or delays costs latency,
 * never an event, because every hub compares its positions with the log.
 */
public interface Relay {

    /** For a node on its own. */
    Relay NOWHERE = (nodes, stream, first, events) -> {};

    void relay(List<String> nodes, String stream, Cursor first, List<Event> events);

    /** Tells nodes to compare their position in a stream with the log, or in all of them: {@code null}. */
    default void nudge(List<String> nodes, String stream) {}
}
