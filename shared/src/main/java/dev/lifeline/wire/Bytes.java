package dev.lifeline.wire;

import java.util.Arrays;

/** A growing run of bytes with a bound. Grows by doubling, so that a line over thousands of chunks is copied O(n) in all. */
final class Bytes {

    private static final byte[] NONE = {};
    private static final int SMALLEST = 256;

    /** What a parser may hold on to between events: a large one must not pin its memory on an idle link. */
    private static final int KEPT = 16 << 10;

    private final String bound;
    private final int most;
    private byte[] array = NONE;
    private int length;

    Bytes(String bound, int most) {
        this.bound = bound;
        this.most = most;
    }

    void append(byte[] source, int from, int to) {
        int added = to - from;
        makeRoom(added);
        System.arraycopy(source, from, array, length, added);
        length += added;
    }

    void append(byte b) {
        makeRoom(1);
        array[length++] = b;
    }

    int length() {
        return length;
    }

    byte at(int index) {
        return array[index];
    }

    boolean contains(byte wanted) {
        for (int i = 0; i < length; i++) {
            if (array[i] == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The bytes as text; they are gone from here afterwards. */
    String take() {
        String text = Utf8.decode(array, length);
        clear();
        return text;
    }

    void clear() {
        length = 0;
        if (array.length > KEPT) {
            array = NONE;
        }
    }

    private void makeRoom(int added) {
        if (added > most - length) {
            throw new SseLimitException(bound, most);
        }
        if (added > array.length - length) {
            long doubled = Math.max(SMALLEST, 2L * array.length);
            array = Arrays.copyOf(array, (int) Math.min(most, Math.max(doubled, length + added)));
        }
    }
}
