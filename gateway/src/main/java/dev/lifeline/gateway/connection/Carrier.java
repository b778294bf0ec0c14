package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.stream.Frames;

/**
 * The way bytes take to one client once its response head is out. Owned by the connection's event loop.
 */
interface Carrier {

    /** Whether what was written has left, or nearly so. */
    boolean writable();

    /** Bytes written and still waiting in this process; a carrier that cannot tell says 0. */
    long unsent();

    /** Calls back once, when everything written so far has left; never, if the connection ends first. */
    void whenWritable(Runnable resume);

    /** Writes and flushes. */
    void write(Frames frames);

    /** Ends the response as its protocol has it, so that the client sees an end and not a cut. */
    void end();

    /** Cuts. */
    void abort();
}
