package dev.lifeline.gateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Relayed events as bytes. A message is a version, which line it belongs to and its number there, and then runs: of each
 * its stream, the position of the first event, how many, and their types and data, each text with its length before it. A
 * run may also be a nudge, with a stream or for all.
 *
 * <p>What it decodes it does not trust: no length makes it read or allocate beyond the message it stands in.
 */
final class RelayCodec {

    /** Goes up when the form changes; nodes of another version are not understood, and lose nothing but time. */
    static final byte VERSION = 2;

    /** An event is two lengths and a type of at least one byte. */
    private static final int SHORTEST_EVENT = 2 * Integer.BYTES + 1;

    private static final int LINE_AT = 1;
    private static final int NUMBER_AT = LINE_AT + Long.BYTES;
    private static final int RUNS_AT = NUMBER_AT + Long.BYTES;

    private static final byte EVENTS = 0;
    private static final byte NUDGE = 1;
    private static final byte NUDGE_ALL = 2;

    private RelayCodec() {}

    /** Where a decoded run goes. */
    interface Sink {
        void deliver(String stream, Cursor first, List<Event> events);

        /** A stream, or all of them ({@code null}), may have moved on without our hearing of it. */
        void nudge(String stream);
    }

    /** A message without runs; encoded runs are appended to it. */
    static Buffer begin(long line, long number) {
        return Buffer.buffer().appendByte(VERSION).appendLong(line).appendLong(number);
    }

    static Buffer nudge(String stream) {
        if (stream == null) {
            return Buffer.buffer().appendByte(NUDGE_ALL);
        }
        Buffer run = Buffer.buffer().appendByte(NUDGE);
        text(stream, run);
        return run;
    }

    static Buffer encode(String stream, Cursor first, List<Event> events) {
        Buffer run = Buffer.buffer().appendByte(EVENTS);
        text(stream, run);
        run.appendLong(first.epoch()).appendLong(first.sequence()).appendInt(events.size());
        for (Event event : events) {
            text(event.type(), run);
            text(event.data(), run);
        }
        return run;
    }

    static long line(Buffer message) {
        return header(message).getLong(LINE_AT);
    }

    static long number(Buffer message) {
        return header(message).getLong(NUMBER_AT);
    }

    private static Buffer header(Buffer message) {
        if (message.length() < RUNS_AT) {
            throw new IllegalArgumentException("a message of " + message.length() + " bytes");
        }
        byte version = message.getByte(0);
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + " is not ours, " + VERSION);
        }
        return message;
    }

    /** Takes a message apart, run by run; what stands before something malformed has been delivered. */
    static void decode(Buffer message, Sink sink) {
        Reader reader = new Reader(header(message), RUNS_AT);
        while (reader.left() > 0) {
            byte kind = reader.kind();
            switch (kind) {
                case EVENTS -> events(reader, sink);
                case NUDGE -> sink.nudge(reader.text());
                case NUDGE_ALL -> sink.nudge(null);
                default -> throw new IllegalArgumentException("there are no runs of kind " + kind);
            }
        }
    }

    private static void events(Reader reader, Sink sink) {
        String stream = reader.text();
        Cursor first = new Cursor(reader.number(), reader.number());
        int count = reader.count();
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(new Event(reader.text(), reader.text()));
        }
        sink.deliver(stream, first, events);
    }

    static void text(String text, Buffer into) {
        byte[] bytes = text.getBytes(UTF_8);
        into.appendInt(bytes.length).appendBytes(bytes);
    }

    /** A place in a message, which never leaves it. */
    static final class Reader {

        private final Buffer message;
        private int at;

        Reader(Buffer message, int at) {
            this.message = message;
            this.at = at;
        }

        int left() {
            return message.length() - at;
        }

        private int step(int bytes) {
            if (bytes < 0 || bytes > left()) {
                throw new IllegalArgumentException(bytes + " bytes announced at " + at + " of " + message.length());
            }
            at += bytes;
            return at - bytes;
        }

        byte kind() {
            return message.getByte(step(Byte.BYTES));
        }

        long number() {
            return message.getLong(step(Long.BYTES));
        }

        int count() {
            int count = message.getInt(step(Integer.BYTES));
            if (count < 1 || count > left() / SHORTEST_EVENT) {
                throw new IllegalArgumentException(count + " events announced in " + left() + " bytes");
            }
            return count;
        }

        String text() {
            int length = message.getInt(step(Integer.BYTES));
            return message.getString(step(length), at, UTF_8.name());
        }
    }
}
