package dev.lifeline.wire;

/** The two bytes that end a line, alone or as a pair. No byte of a longer UTF-8 sequence is ever one of them. */
final class LineEnd {

    static final byte CR = '\r';
    static final byte LF = '\n';

    private LineEnd() {}

    static boolean is(byte b) {
        return b == LF || b == CR;
    }

    /** Where the next line end is, or {@code to} if there is none before it. */
    static int find(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !is(bytes[at])) {
            at++;
        }
        return at;
    }

    static int count(byte[] bytes) {
        int found = 0;
        for (byte b : bytes) {
            if (is(b)) {
                found++;
            }
        }
        return found;
    }
}
