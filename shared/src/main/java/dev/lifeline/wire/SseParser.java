package dev.lifeline.wire;

import java.util.Objects;

/**
 * Bytes of an event stream as facts, told to a {@link Sink} the moment the byte that completes them is fed. How the bytes
 * were cut into chunks never changes what is told.
 *
 * <pre>
 *   feed ── mark ── name ── space ── value ── line end ┬─ field: kept for the block
 *           (BOM)                                      └─ blank: event, or position
 * </pre>
 *
 * <p>It does not connect, wait or reconnect; who does takes {@link #lastEventId()} along. Not safe for threads: it lives
 * on the context of the link it reads.
 */
public final class SseParser {

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Block block;

    /** Where in its line the next byte stands. */
    private Place place = Place.MARK;

    private int marked;
    private long name = Field.NAMELESS;
    private Field field = Field.UNKNOWN;

    /** A CR has ended a line already, at once; an LF right behind it belongs to it, even when it comes a chunk later. */
    private boolean afterCr;

    /** Set once a bound was passed: the stream cannot be trusted to be cut right from there on. */
    private SseLimitException refusal;

    public SseParser(Bounds bounds, Sink sink) {
        block = new Block(Objects.requireNonNull(bounds, "bounds"), Objects.requireNonNull(sink, "sink"));
    }

    /**
     * Takes the next bytes of the stream; they are not kept.
     *
     * @throws SseLimitException a bound was passed, now or before. What was told until then stands; nothing more is told
     *     until {@link #reset(String)}.
     */
    public void feed(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (refusal != null) {
            throw refusal.again();
        }
        int end = offset + length;
        try {
            for (int at = offset; at < end; ) {
                at = step(bytes, at, end);
            }
        } catch (SseLimitException passed) {
            end();
            refusal = passed;
            throw passed;
        }
    }

    /** The stream is over: the block no blank line has ended is lost, its id too. The next stream may be fed. */
    public void end() {
        block.discard();
        endLine();
        place = Place.MARK;
        marked = 0;
        afterCr = false;
    }

    /** Starts anew as a client that already has this id, the empty one for none; takes back a refusal. */
    public void reset(String lastEventId) {
        Objects.requireNonNull(lastEventId, "lastEventId");
        end();
        block.resume(lastEventId);
        refusal = null;
    }

    /** What a client that comes back now sends as {@code Last-Event-ID}; when empty, it sends no such header. */
    public String lastEventId() {
        return block.lastEventId();
    }

    /** Takes some bytes, or only learns that the next one starts something else; returns where the next one stands. */
    private int step(byte[] bytes, int at, int end) {
        byte b = bytes[at];
        if (afterCr) {
            afterCr = false;
            return b == LineEnd.LF ? at + 1 : at;
        }
        return switch (place) {
            case MARK -> mark(b, at);
            case NAME -> name(b, at);
            case SPACE -> space(b, at);
            case VALUE -> value(bytes, at, end);
        };
    }

    private int mark(byte b, int at) {
        if (b == MARK[marked]) {
            marked++;
            place = marked == MARK.length ? Place.NAME : Place.MARK;
            return at + 1;
        }
        if (marked > 0) {
            begin(Field.UNKNOWN, Place.VALUE);
        } else {
            place = Place.NAME;
        }
        return at;
    }

    private int name(byte b, int at) {
        if (LineEnd.is(b)) {
            nameOnly(b);
        } else if (b == ':') {
            begin(Field.of(name), Place.SPACE);
        } else {
            name = Field.longer(name, b);
            if (Field.isTooLong(name)) {
                begin(Field.UNKNOWN, Place.VALUE);
            }
        }
        return at + 1;
    }

    private void nameOnly(byte lineEnd) {
        Field named = name == Field.NAMELESS ? null : Field.of(name);
        afterCr = lineEnd == LineEnd.CR;
        endLine();
        if (named == null) {
            block.dispatch();
        } else {
            block.begin(named);
            block.end(named);
        }
    }

    private int space(byte b, int at) {
        place = Place.VALUE;
        return b == ' ' ? at + 1 : at;
    }

    private int value(byte[] bytes, int at, int end) {
        int stop = LineEnd.find(bytes, at, end);
        block.append(field, bytes, at, stop);
        if (stop == end) {
            return end;
        }
        afterCr = bytes[stop] == LineEnd.CR;
        endLine();
        block.end(field);
        return stop + 1;
    }

    private void begin(Field named, Place next) {
        field = named;
        place = next;
        block.begin(named);
    }

    private void endLine() {
        place = Place.NAME;
        name = Field.NAMELESS;
    }

    /** The parts of a line, in their order; only a stream's first line has a place for the mark. */
    private enum Place {
        MARK,
        NAME,
        SPACE,
        VALUE
    }

    /**
     * Who is told. Its methods are called from within {@link #feed}, in stream order. They do not call back, and do not
     * throw: the rest of the chunk would be lost.
     */
    public interface Sink {

        /**
         * An event is complete.
         *
         * @param id the last id of the stream, set by this event or an earlier one; empty if none was
         * @param type {@code message} unless the stream says otherwise; unlike ours it may hold a NUL
         */
        void event(String id, String type, String data);

        /** The event that is told next names its id itself, be it the same as that of the one before. */
        default void named() {}

        /** A block without data moved the last id: the next return starts behind it. */
        default void position(String lastEventId) {}

        /** The server asks for another wait before coming back; capped at what fits an int. */
        default void retry(long millis) {}

        /** A comment ended; at most its first 256 bytes are shown, the rest was never kept. */
        default void comment(String beginning) {}
    }
}
