package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import io.vertx.core.Future;
import java.util.List;

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
 *   <li>Of those who take a stream for themselves the newest has it. What is appended after that is delivered to its node
 *       alone, and whoever reads or attaches under a lower fence is told.
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
     * Says that this node has readers of the stream, for as long as it keeps saying so, and learns where the stream's tail
     * is. With a claim, that it alone has one: the claim holds until another takes the stream, and is to be made again
     * like the rest. A log that has forgotten who holds a stream believes the highest fence it is told of.
     */
    Future<Attached> attach(Attach attach);

    /** Attends a stream that is for all, and returns the position of its tail. */
    default Future<Cursor> attach(String stream, Cursor known) {
        return attach(Attach.shared(stream, known)).map(Attached::tail);
    }

    /** Says that this node has no more readers of the stream. */
    Future<Void> detach(String stream);

    /**
     * Forgets a stream, with the keys named here, and returns which other nodes had readers of it. They hear of it when
     * they attach it again; what is appended later begins a new stream.
     */
    Future<List<String>> remove(String stream, List<String> keys);

    /** Releases everything up to a position: nobody will ask for it again. */
    Future<Void> acknowledge(String stream, Cursor upTo);

    /** Whether appends are being kept right now. */
    boolean available();

    Future<Void> close();
}
