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
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

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
    private Deque<Kept> kept = new ArrayDeque<>(1);
    private Map<String, Landed> keys = new LinkedHashMap<>();
    private long epoch;
    private long tail;
    private long bytes;
    private long touchedAt;
    private boolean attached;
    private boolean retired;
    private long fence;
    private long reader;

    MemoryStream(Retention retention, long epoch, long now) {
        this.retention = retention;
        this.epoch = epoch;
        this.touchedAt = now;
    }

    Appended append(Append append, List<String> nodes, long now) {
        forget(now);
        Landed before = append.key() == null ? null : keys.get(append.key());
        if (before != null) {
            return new Appended(before.first(), before.count(), true, attached ? nodes : List.of());
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
        Gap gap = reachable ? null : Gap.between(after, oldest, end, null);
        return new Page(gap, start, copy((int) (start.sequence() - oldest.sequence()), limit), end, fence);
    }

    private List<Event> copy(int skip, int limit) {
        List<Event> events = new ArrayList<>(Math.min(limit, kept.size() - skip));
        Iterator<Kept> iterator = kept.iterator();
        for (int i = 0; i < skip; i++) {
            iterator.next();
        }
        long room = Page.MOST_BYTES;
        while (iterator.hasNext() && events.size() < limit && room > 0) {
            Event event = iterator.next().event();
            events.add(event);
            room -= Retention.weight(event);
        }
        return events;
    }

    void attach(long now) {
        attached = true;
        touchedAt = now;
    }

    /** Attends for one reader alone, if none has come that is newer. Fences are of the time, in microseconds. */
    Attached.Standing attach(Attach.Claim claim, LongUnaryOperator later, long now) {
        if (isSuperseded(claim, TimeUnit.MILLISECONDS.toMicros(now))) {
            return Attached.Standing.SUPERSEDED;
        }
        if (!claim.isTaking()) {
            fence = claim.fence();
        } else if (reader != claim.reader()) {
            fence = later.applyAsLong(fence);
        }
        reader = claim.reader();
        attach(now);
        return Attached.Standing.HELD;
    }

    private boolean isSuperseded(Attach.Claim claim, long micros) {
        if (!claim.isTaking()) {
            return fence > claim.fence();
        }
        boolean late = !claim.age().isZero();
        return late
                && reader != claim.reader()
                && fence >= micros - TimeUnit.NANOSECONDS.toMicros(claim.age().toNanos());
    }

    long fence() {
        return fence;
    }

    void retire() {
        retired = true;
    }

    void detach() {
        attached = false;
    }

    void acknowledge(Cursor upTo) {
        if (upTo.epoch() != epoch || upTo.isAfter(position())) {
            return;
        }
        while (!kept.isEmpty() && tail - kept.size() < upTo.sequence()) {
            drop();
        }
    }

    Cursor position() {
        return new Cursor(epoch, tail);
    }

    /** Begins a new life: somebody remembers more of the old one than is here. */
    void restart(long newEpoch) {
        kept.clear();
        epoch = newEpoch;
        tail = 0;
        bytes = 0;
    }

    /** Ends this stream's life if nothing speaks for remembering it any longer. */
    boolean retireIfForgettable(long now) {
        trim(now);
        forget(now);
        giveBackRoom();
        retired = !attached
                && kept.isEmpty()
                && now - touchedAt > retention.position().toMillis();
        return retired;
    }

    boolean retired() {
        return retired;
    }

    /** Queues and maps do not shrink by themselves, and most streams are quiet most of the time. */
    private void giveBackRoom() {
        if (kept.isEmpty()) {
            kept = new ArrayDeque<>(1);
        }
        if (keys.isEmpty()) {
            keys = new LinkedHashMap<>();
        }
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
