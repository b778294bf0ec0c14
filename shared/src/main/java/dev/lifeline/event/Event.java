package dev.lifeline.event;

import java.util.Objects;

/**
 * One immutable record of a stream: what kind it is and what it says.
 *
 * <p>It has no position: that is a {@link Cursor}, given by the log when the event is appended.
 *
 * @param type what the client's {@code addEventListener} listens for; {@link #MESSAGE} unless said otherwise
 * @param data the payload; line ends of any kind reach the client as LF, as the wire format has it
 */
public record Event(String type, String data) {

    /** The type a client assumes when the wire names none. */
    public static final String MESSAGE = "message";

    public Event {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
        if (type.isEmpty() || hasControl(type)) {
            throw new IllegalArgumentException("an event type is not empty and holds no CR, LF or NUL");
        }
    }

    /** An event of the default type. */
    public static Event message(String data) {
        return new Event(MESSAGE, data);
    }

    /** Whether a value would break out of its field: ids and types carrying these are refused, never repaired. */
    public static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return true;
            }
        }
        return false;
    }
}
