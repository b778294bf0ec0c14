package dev.lifeline.gateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Relayed events as bytes, many in a message: for each run its stream, the position of the first event, how many, and
 * their types and data, each text with its length before it.
 */
final class RelayCodec {

    private RelayCodec() {}

    /** Where a decoded run goes. */
    interface Sink {
        void deliver(String stream, Cursor first, List<Event> events);
    }

    static void encode(String stream, Cursor first, List<Event> events, Buffer into) {
        text(stream, into);
        into.appendLong(first.epoch()).appendLong(first.sequence()).appendInt(events.size());
        for (Event event : events) {
            text(event.type(), into);
            text(event.data(), into);
        }
    }

    static void decode(Buffer message, Sink sink) {
        Reader reader = new Reader(message);
        while (reader.hasMore()) {
            String stream = reader.text();
            Cursor first = new Cursor(reader.number(), reader.number());
            int count = reader.length();
            List<Event> events = new ArrayList<>(Math.min(count, message.length()));
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

    /** A place in a message. */
    private static final class Reader {

        private final Buffer message;
        private int at;

        Reader(Buffer message) {
            this.message = message;
        }

        boolean hasMore() {
            return at < message.length();
        }

        long number() {
            at += Long.BYTES;
            return message.getLong(at - Long.BYTES);
        }

        int length() {
            at += Integer.BYTES;
            return message.getInt(at - Integer.BYTES);
        }

        String text() {
            int length = length();
            at += length;
            return new String(message.getBytes(at - length, at), UTF_8);
        }
    }
}
