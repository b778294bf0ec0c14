package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * A stream's recent events as this node holds them: framed once, ready to write. A reader is a position in it, so the
 * ring is the fan-out buffer, the hot replay buffer and the measure of lag at once.
 *
 * <p>It does not judge: what it does not cover, the log answers for. Not safe by itself; {@link LocalStream} locks.
 */
final class Ring {

    /** A stream that says little costs little; one that says much soon has segments worth a system call each. */
    private static final int SMALLEST_SEGMENT = 1024;

    private static final int LARGEST_SEGMENT = 64 * 1024;

    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Framing framing;
    private final int mostEvents;
    private final long mostBytes;
    private final RingSpace space;
    private Cursor base;
    private Cursor head;
    private long bytes;

    /** Where the stream ends, once that is known. Read without the lock, by every reader after every write. */
    private volatile Cursor end;

    Ring(Framing framing, int mostEvents, long mostBytes, RingSpace space) {
        this.framing = framing;
        this.mostEvents = mostEvents;
        this.mostBytes = mostBytes;
        this.space = space;
    }

    /** Forgets everything and stands, empty, at a position. */
    void restart(Cursor position) {
        segments.forEach(Segment::release);
        segments.clear();
        space.giveBack(bytes);
        bytes = 0;
        base = position;
        head = position;
    }

    Framing framing() {
        return framing;
    }

    Cursor end() {
        return end;
    }

    /** Looks for the last event in a run that is not taken in. */
    void lookForEnd(Cursor first, List<Event> events) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (framing.isLast(events.get(i))) {
                end = first.plus(i);
                return;
            }
        }
    }

    /** The position of the newest event, or null before the first restart. */
    Cursor head() {
        return head;
    }

    /**
     * Takes in a run of events as far as it is new, if it follows; what is older than the head is known already. False
     * means there is something between the head and these events.
     */
    boolean offer(Cursor first, List<Event> events) {
        if (head == null || first.isAfter(head.successor())) {
            return false;
        }
        if (first.epoch() == head.epoch()) {
            long known = head.sequence() + 1 - first.sequence();
            for (int i = (int) Math.min(known, events.size()); i < events.size(); i++) {
                append(events.get(i));
            }
        }
        return true;
    }

    void append(Event event) {
        Cursor at = head.successor();
        byte[] frame = framing.encode(at, event);
        Segment last = segments.peekLast();
        if (last == null || !last.fits(frame)) {
            last = open(at.sequence(), frame, last);
        }
        last.append(frame);
        head = at;
        if (framing.isLast(event)) {
            end = at;
        }
        trim();
    }

    private Segment open(long sequence, byte[] frame, Segment previous) {
        int wanted = previous == null ? SMALLEST_SEGMENT : Math.min(previous.bytes() * 2, LARGEST_SEGMENT);
        Segment segment = new Segment(sequence, Math.max(wanted, Chunks.wrappedLength(frame)));
        segments.addLast(segment);
        bytes += segment.bytes();
        space.take(segment.bytes());
        return segment;
    }

    /** Whole segments only: the oldest goes when the bound holds without it. */
    private void trim() {
        Segment oldest = segments.peekFirst();
        while (oldest != segments.peekLast() && isTooMuch(oldest)) {
            segments.removeFirst();
            bytes -= oldest.bytes();
            space.giveBack(oldest.bytes());
            base = base.plus(oldest.count());
            oldest.release();
            oldest = segments.peekFirst();
        }
    }

    private boolean isTooMuch(Segment oldest) {
        return bytes > mostBytes || events() - oldest.count() >= mostEvents || space.isShort();
    }

    boolean covers(Cursor cursor) {
        return head != null
                && cursor.epoch() == head.epoch()
                && cursor.sequence() >= base.sequence()
                && cursor.sequence() <= head.sequence();
    }

    /** What comes after a covered position, as much as one segment and the bound have; {@link Frames#NONE} at the head. */
    Frames after(Cursor cursor, int mostBytesAtOnce) {
        if (cursor.sequence() == head.sequence()) {
            return Frames.NONE;
        }
        long next = cursor.sequence() + 1;
        Segment segment = segmentOf(next);
        int count = segment.fitting(next, mostBytesAtOnce);
        boolean all = cursor.sequence() + count == head.sequence();
        return new Frames(segment.slice(next, count), all ? head : cursor.plus(count), count);
    }

    private Segment segmentOf(long sequence) {
        Iterator<Segment> newestFirst = segments.descendingIterator();
        Segment segment = newestFirst.next();
        while (segment.firstSequence() > sequence) {
            segment = newestFirst.next();
        }
        return segment;
    }

    long events() {
        return head == null ? 0 : head.sequence() - base.sequence();
    }

    long bytes() {
        return bytes;
    }
}
