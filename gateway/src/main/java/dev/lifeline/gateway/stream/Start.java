package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import java.util.Optional;

/**
 * Where a reader begins.
 *
 * @param cursor the last event it has, where it named one
 */
public record Start(Kind kind, Cursor cursor) {

    /** The ways to begin. */
    public enum Kind {
        /** With what comes from now on. */
        TAIL,
        /** With everything still kept. */
        OLDEST,
        /** With the first event of a stream that was only just named, here: no other node has ever heard of it. */
        FIRST,
        /** Right after an event the reader has. */
        AFTER,
        /** With everything still kept, and the verdict that the position it named means nothing to us. */
        UNKNOWN
    }

    public static final Start TAIL = new Start(Kind.TAIL, null);
    public static final Start OLDEST = new Start(Kind.OLDEST, null);
    public static final Start FIRST = new Start(Kind.FIRST, null);
    private static final Start UNKNOWN = new Start(Kind.UNKNOWN, null);

    /** What a {@code Last-Event-ID} asks for. */
    public static Start after(String lastEventId) {
        Optional<Cursor> cursor = Cursor.parse(lastEventId);
        return cursor.isPresent() ? new Start(Kind.AFTER, cursor.get()) : UNKNOWN;
    }
}
