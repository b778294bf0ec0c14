package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;

/**
 * Where a subscription's events leave: one client's connection. Owned by one event loop, and called on it only.
 *
 * <p>It never queues: when it is not writable the subscription stops and keeps its position, and reads on from the ring
 * or the log later.
 */
public interface Outlet {

    /** Whether more may be written without piling up. */
    boolean writable();

    /** Calls back once, when what was written before has left for the network. */
    void whenWritable(Runnable resume);

    /** Writes a run of events, at once. The frames stay the caller's: take a reference. */
    void write(Frames frames);

    /** Tells the client where it stands, so that it can resume before it has received anything. */
    void position(Cursor cursor);

    /** Tells the client what it will never get. */
    void gap(Gap gap);

    /** The last event of the stream has been written. */
    default void finished() {}

    /** Somebody newer reads this stream now; not a byte more is to leave here. */
    default void superseded() {}

    /** Nothing more will come, because one of the calls above threw: the client must not be left waiting. */
    void broken();
}
