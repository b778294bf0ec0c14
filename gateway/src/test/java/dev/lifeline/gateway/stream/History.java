package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that was ever in a log, as its oracle remembers it. */
final class History {

    private final Map<Cursor, Set<String>> said = new HashMap<>();
    private final Map<String, Integer> holders = new HashMap<>();
    private final List<Cursor> positions = new ArrayList<>();
    private Cursor evicted = Cursor.origin(1);
    private boolean rolledBack;

    /** Notes an event, and which reader had the stream for itself then, or -1. */
    void appended(Cursor at, Event event, int holder) {
        holders.put(event.data(), holder);
        said.computeIfAbsent(at, first -> new HashSet<>()).add(event.data());
        positions.add(at);
    }

    /** Nothing up to here can be had any more. */
    void evictedUpTo(Cursor base) {
        if (base.isAfter(evicted)) {
            evicted = base;
        }
    }

    void rolledBack() {
        rolledBack = true;
    }

    boolean holds(Cursor at, String data) {
        return said.getOrDefault(at, Set.of()).contains(data);
    }

    /** Which reader had the stream when this was said. */
    int holder(String data) {
        return holders.getOrDefault(data, -1);
    }

    boolean everReached(Cursor at) {
        return at.sequence() == 0 || said.containsKey(at);
    }

    boolean wasRolledBack() {
        return rolledBack;
    }

    Cursor evicted() {
        return evicted;
    }

    List<Cursor> positions() {
        return positions;
    }
}
