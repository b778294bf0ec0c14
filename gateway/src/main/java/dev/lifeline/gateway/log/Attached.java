package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import java.util.List;

/**
 * What the log says to a node that attends a stream.
 *
 * @param tail the last position of the stream; null of one that was removed
 * @param fence of whoever has the stream for itself now; 0 where nobody has. Each that takes it gets a higher one
 * @param before which other nodes it was taken away from just now
 */
public record Attached(Standing standing, Cursor tail, long fence, List<String> before) {

    /** Whether a node attends the stream now. */
    public enum Standing {
        /** It does. */
        HELD,
        /** It does not: a newer reader has taken the stream for itself. */
        SUPERSEDED,
        /** Nobody does: the stream was removed a little while ago. */
        REMOVED
    }
}
