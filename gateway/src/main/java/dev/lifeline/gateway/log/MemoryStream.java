package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One stream of a {@link MemoryLog}: a bounded queue of events and the keys seen lately. Not safe by itself: the log
 * holds the stream's lock around each call.
 */
final class MemoryStream {

    /** Keys remembered at most; the oldest is forgotten first. */
    private static final int MOST_KEYS = 100_000;

    private record Kept(Event event, long at) {}

    private record Landed(Cursor first, int count, long at) {}

    private final Retention retention;
    private final long epoch;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Map<String, Landed> keys = new LinkedHashMap<>();
    private long tail;
    private long bytes;
    private long touchedAt;
    private boolean attached;
    private boolean retired;

    MemoryStream(Retention retention, long epoch, long now) {
        this.retention = retention;
        this.epoch = epoch;
        this.touchedAt = now;
    }

    Appended append(Append append, List<String> nodes, long now) {
        forget(now);
        Landed before = append.key() == null ? null : keys.get(append.key());
        if (before != null) {
            return new Appended(before.first(), before.count(), true, nodes);
        }
        Cursor first = new Cursor(epoch, tail + 1);
        for (Event event : append.events()) {
            kept.addLast(new Kept(event, now));
            bytes += Retention.weight(event);
            tail++;
        }
        if (append.key() != null) {
            keys.put(append.key(), new Landed(first, append.events().size(), now));
        }
        touchedAt = now;
        trim(now);
        return new Appended(first, append.events().size(), false, attached ? nodes : List.of());
    }

    Page read(Cursor after, int limit, long now) {
        trim(now);
        Cursor oldest = new Cursor(epoch, tail - kept.size());
        Cursor end = position();
        boolean reachable = after == null || (after.epoch() == epoch && !oldest.isAfter(after) && !after.isAfter(end));
        Cursor start = after != null && reachable ? after : oldest;
        Gap gap = reachable ? null : Gap.between(after, oldest, end);
        return new Page(gap, start, copy((int) (start.sequence() - oldest.sequence()), limit), end);
    }

    private List<Event> copy(int skip, int limit) {
        List<Event> events = new ArrayList<>(Math.min(limit, kept.size() - skip));
        Iterator<Kept> iterator = kept.iterator();
        for (int i = 0; i < skip; i++) {
            iterator.next();
        }
        while (iterator.hasNext() && events.size() < limit) {
            events.add(iterator.next().event());
        }
        return events;
    }

    void attach(long now) {
        attached = true;
        touchedAt = now;
    }

    void detach() {
        attached = false;
    }

    void acknowledge(Cursor upTo) {
        while (upTo.epoch() == epoch && !kept.isEmpty() && tail - kept.size() < upTo.sequence()) {
            drop();
        }
    }

    Cursor position() {
        return new Cursor(epoch, tail);
    }

    /** Ends this stream's life if nothing speaks for remembering it any longer. */
    boolean retireIfForgettable(long now) {
        trim(now);
        forget(now);
        retired = !attached
                && kept.isEmpty()
                && now - touchedAt > retention.position().toMillis();
        return retired;
    }

    boolean retired() {
        return retired;
    }

    private void trim(long now) {
        while (!kept.isEmpty() && beyondBounds(kept.peekFirst(), now)) {
            drop();
        }
    }

    private boolean beyondBounds(Kept oldest, long now) {
        return kept.size() > retention.events()
                || bytes > retention.bytes()
                || now - oldest.at() > retention.age().toMillis();
    }

    private void drop() {
        bytes -= Retention.weight(kept.removeFirst().event());
    }

    private void forget(long now) {
        Iterator<Landed> oldestFirst = keys.values().iterator();
        while (oldestFirst.hasNext()
                && (now - oldestFirst.next().at() > retention.keys().toMillis() || keys.size() > MOST_KEYS)) {
            oldestFirst.remove();
        }
    }
}
