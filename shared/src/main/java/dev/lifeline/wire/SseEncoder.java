package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.event.Event;
import java.time.Duration;

/**
 * Events as ready bytes: encoded once per event and node, then written by reference to every reader.
 *
 * <p>Ids and comments that would break out of their line are refused, never repaired; {@link Event} does the same for
 * types. Data may hold anything: each of its lines becomes a {@code data} line, so a reader sees CRLF and CR as LF. An
 * unpaired surrogate has no UTF-8 form and arrives as {@code ?}.
 */
public final class SseEncoder {

    private static final byte[] ID = Frame.name("id");
    private static final byte[] EVENT = Frame.name("event");
    private static final byte[] DATA = Frame.name("data");
    private static final byte[] RETRY = Frame.name("retry");
    private static final byte[] COMMENT = Frame.name("");

    private SseEncoder() {}

    /** The shortest form: the default type is left for the reader to assume. A null id leaves the reader's where it is. */
    public static byte[] event(String id, Event event) {
        return block(id, event.type().equals(Event.MESSAGE) ? null : event.type(), event.data());
    }

    /** The form that names the default type too: MCP clients are in use that lose a message without {@code event: message}. */
    public static byte[] named(String id, Event event) {
        return block(id, event.type(), event.data());
    }

    /** How long the reader shall wait before it comes back. */
    public static byte[] retry(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("nobody waits " + wait);
        }
        byte[] millis = Long.toString(wait.toMillis()).getBytes(UTF_8);
        return new Frame(Frame.room(RETRY, millis) + 1)
                .field(RETRY, millis)
                .blankLine()
                .toBytes();
    }

    /** Moves the id the reader will come back with, without an event; an empty id makes it come back with none. */
    public static byte[] position(String id) {
        byte[] value = line("an id", id);
        return new Frame(Frame.room(ID, value) + 1).field(ID, value).blankLine().toBytes();
    }

    /**
     * A lone comment line, with one LF: the heartbeat. No blank line follows it, since a blank line that ends no event
     * leaks a unit of demand in the Java MCP client, which after some 250 heartbeats stops reading for good. For the same
     * reason it goes between events only, never into one.
     */
    public static byte[] comment(String text) {
        byte[] value = line("a comment", text);
        return new Frame(Frame.room(COMMENT, value)).field(COMMENT, value).toBytes();
    }

    // The id goes first: there are readers that glue whatever stands between "event" and "data" to the data.
    private static byte[] block(String id, String type, String data) {
        byte[] idValue = id == null ? null : line("an id", id);
        byte[] typeValue = type == null ? null : type.getBytes(UTF_8);
        byte[] text = data.getBytes(UTF_8);
        int room = Frame.room(ID, idValue) + Frame.room(EVENT, typeValue) + room(text) + 1;
        Frame frame = new Frame(room).field(ID, idValue).field(EVENT, typeValue);
        return data(frame, text).blankLine().toBytes();
    }

    // Exact for LF between lines that are not empty. The data's own line ends are not written, hence the difference.
    private static int room(byte[] text) {
        int lineEnds = LineEnd.count(text);
        return text.length - lineEnds + (lineEnds + 1) * (DATA.length + Frame.FIELD_EXTRA);
    }

    private static Frame data(Frame frame, byte[] text) {
        int from = 0;
        int end = LineEnd.find(text, from, text.length);
        while (end < text.length) {
            frame.field(DATA, text, from, end);
            from = end + (isPair(text, end) ? 2 : 1);
            end = LineEnd.find(text, from, text.length);
        }
        return frame.field(DATA, text, from, end);
    }

    private static boolean isPair(byte[] text, int at) {
        return text[at] == LineEnd.CR && at + 1 < text.length && text[at + 1] == LineEnd.LF;
    }

    private static byte[] line(String what, String value) {
        if (Event.hasControl(value)) {
            throw new IllegalArgumentException(what + " holds no CR, LF or NUL");
        }
        return value.getBytes(UTF_8);
    }
}
