package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.wire.SseEncoder;

/** How the events of a stream are written, and which of them is its last. One instance may serve many streams. */
public interface Framing {

    /** The shortest form, for streams that go on for ever: what channels speak. */
    Framing PLAIN = new Framing() {
        @Override
        public byte[] encode(Cursor at, Event event) {
            return SseEncoder.event(at.toString(), event);
        }

        @Override
        public boolean isLast(Event event) {
            return false;
        }

        @Override
        public boolean mayEnd() {
            return false;
        }
    };

    byte[] encode(Cursor at, Event event);

    /** Whether the stream ends with this event: then its readers are told so once it is written. */
    boolean isLast(Event event);

    /** Whether any event is ever the last: where none is, nobody looks for it. */
    default boolean mayEnd() {
        return true;
    }
}
