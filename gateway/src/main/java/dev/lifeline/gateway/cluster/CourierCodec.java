package dev.lifeline.gateway.cluster;

import dev.lifeline.gateway.session.Ending;
import io.vertx.core.buffer.Buffer;

/**
 * Questions between nodes, and their answers, as bytes: a version, which of the two it is, the number the asker knows it
 * by, and then texts with their lengths before them. What it decodes it does not trust.
 */
final class CourierCodec {

    static final byte VERSION = 1;

    private static final byte QUESTION = 0;
    private static final byte ANSWER = 1;
    private static final Ending[] ENDINGS = Ending.values();

    private CourierCodec() {}

    /** Where what is decoded goes. */
    interface Sink {

        void asked(long number, String asker, String subject, String question);

        /** The text is the answer, or says why there is none. */
        void answered(long number, Ending ending, String text);
    }

    private static Buffer begin(byte kind, long number) {
        return Buffer.buffer().appendByte(VERSION).appendByte(kind).appendLong(number);
    }

    static Buffer question(long number, String asker, String subject, String question) {
        Buffer message = begin(QUESTION, number);
        RelayCodec.text(asker, message);
        RelayCodec.text(subject, message);
        RelayCodec.text(question, message);
        return message;
    }

    static Buffer answer(long number, Ending ending, String text) {
        Buffer message = begin(ANSWER, number).appendByte((byte) ending.ordinal());
        RelayCodec.text(text, message);
        return message;
    }

    static void decode(Buffer message, Sink sink) {
        RelayCodec.Reader reader = new RelayCodec.Reader(message, 0);
        byte version = reader.kind();
        byte kind = reader.kind();
        if (version != VERSION || kind < QUESTION || kind > ANSWER) {
            throw new IllegalArgumentException("version " + version + ", kind " + kind + " is not ours");
        }
        long number = reader.number();
        if (kind == QUESTION) {
            sink.asked(number, reader.text(), reader.text(), reader.text());
        } else {
            sink.answered(number, ENDINGS[Math.floorMod(reader.kind(), ENDINGS.length)], reader.text());
        }
    }
}
