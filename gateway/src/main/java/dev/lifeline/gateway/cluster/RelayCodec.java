package dev.lifeline.gateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Relayed events as bytes. A message is a version and then runs: of each its stream, the position of the first event,
 * how many, and their types and data, each text with its length before it.
 *
 * <p>What it decodes it does not trust: no length makes it read or allocate beyond the message it stands in.
 */
final class RelayCodec {

    /** Goes up when the form changes; nodes of another version are not understood, and lose nothing but time. */
    static final byte VERSION = 1;

    /** An event is two lengths and a type of at least one byte. */
    private static final int SHORTEST_EVENT = 2 * Integer.BYTES + 1;

    private RelayCodec() {}

    /** Where a decoded run goes. */
    interface Sink {
        void deliver(String stream, Cursor first, List<Event> events);
    }

    /** A message without runs; encoded runs are appended to it. */
    static Buffer begin() {
        return Buffer.buffer().appendByte(VERSION);
    }

    static Buffer encode(String stream, Cursor first, List<Event> events) {
        Buffer run = Buffer.buffer();
        text(stream, run);
        run.appendLong(first.epoch()).appendLong(first.sequence()).appendInt(events.size());
        for (Event event : events) {
            text(event.type(), run);
            text(event.data(), run);
        }
        return run;
    }

    /** Takes a message apart, run by run; what stands before something malformed has been delivered. */
    static void decode(Buffer message, Sink sink) {
        Reader reader = new Reader(message);
        byte version = reader.version();
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + " is not ours, " + VERSION);
        }
        while (reader.left() > 0) {
            String stream = reader.text();
            Cursor first = new Cursor(reader.number(), reader.number());
            int count = reader.count();
            List<Event> events = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                events.add(new Event(reader.text(), reader.text()));
            }
            sink.deliver(stream, first, events);
        }
    }

    private static void text(String text, Buffer into) {
        byte[] bytes = text.getBytes(UTF_8);
        into.appendInt(bytes.length).appendBytes(bytes);
    }

    /** A place in a message, which never leaves it. */
    private static final class Reader {

        private final Buffer message;
        private int at;

        Reader(Buffer message) {
            this.message = message;
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

        byte version() {
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
