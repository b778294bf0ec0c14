package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import io.vertx.core.Future;

/**
 * The retained tail of streams, and the one authority on order. Its laws:
 *
 * <ol>
 *   <li>Within an epoch sequences are contiguous, from 1. A log that lost anything starts a higher epoch.
 *   <li>A future of {@link #append} that succeeded means kept; one that failed says nothing, unless the append had a key:
 *       then it may be repeated, and lands once.
 *   <li>Appends of one caller to one stream land in the order of the calls.
 *   <li>What was dropped is never skipped silently: {@link #read} returns a {@link Gap} before the next event.
 *   <li>Every stream has bounds ({@link Retention}); nothing is kept for ever.
 *   <li>A log that cannot be reached fails with {@link LogUnavailable}, in bounded time.
 * </ol>
 *
 * <p>Safe to call from any thread; futures complete on the caller's context where it has one.
 */
public interface Log {

    /** Puts events at the end of a stream, all or none, and tells where, and which nodes have readers of it. */
    Future<Appended> append(Append append);

    /**
     * Reads on from a position: the events right after it, as many as fit a page. {@code null} means from the oldest
     * kept, with no verdict on what came before.
     */
    Future<Page> read(String stream, Cursor after, int limit);

    /**
     * Says that this node has readers of the stream, for as long as it keeps saying so, and returns the position of the
     * stream's tail.
     *
     * @param known the highest position this node remembers of the stream, or null; a tail behind it means the store
     *     went back in time, and starts a new epoch
     */
    Future<Cursor> attach(String stream, Cursor known);

    /** Says that this node has no more readers of the stream. */
    Future<Void> detach(String stream);

    /** Releases everything up to a position: nobody will ask for it again. */
    Future<Void> acknowledge(String stream, Cursor upTo);

    /** Whether appends are being kept right now. */
    boolean available();

    Future<Void> close();
}
