package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;

/** How the events of a stream are written, and which of them is its last. One instance may serve many streams. */
public interface Framing {

    byte[] encode(Cursor at, Event event);

    /** Whether the stream ends with this event: then its readers are told so once it is written. */
    boolean isLast(Event event);
}
