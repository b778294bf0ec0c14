package dev.lifeline.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written for the wire, field by field, into an array allocated once. */
final class Frame {

    /** What a field costs beside its name and value: one space, one LF. */
    static final int FIELD_EXTRA = 2;

    private final byte[] bytes;
    private int length;

    Frame(int capacity) {
        bytes = new byte[capacity];
    }

    /** A field's name with its colon, as bytes. */
    static byte[] name(String name) {
        return (name + ":").getBytes(StandardCharsets.US_ASCII);
    }

    /** How many bytes {@link #field(byte[], byte[])} takes at most; nothing for no value. */
    static int room(byte[] name, byte[] value) {
        return value == null ? 0 : name.length + value.length + FIELD_EXTRA;
    }

    /** Writes the field, or nothing for no value. */
    Frame field(byte[] name, byte[] value) {
        return value == null ? this : field(name, value, 0, value.length);
    }

    /**
     * Writes a field whose value is a part of an array. An empty value is written without the optional space: there are
     * readers in use that bear {@code data:} and die of {@code data: }.
     */
    Frame field(byte[] name, byte[] source, int from, int to) {
        put(name, 0, name.length);
        if (from < to) {
            bytes[length++] = ' ';
            put(source, from, to);
        }
        return blankLine();
    }

    /** Ends the line; right after a field's own end this is the blank line that ends the block. */
    Frame blankLine() {
        bytes[length++] = LineEnd.LF;
        return this;
    }

    /** The bytes written; the array itself where it came out full, as it does for data of a single line. */
    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void put(byte[] source, int from, int to) {
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }
}
