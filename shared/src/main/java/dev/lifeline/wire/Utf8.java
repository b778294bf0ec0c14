package dev.lifeline.wire;

import java.nio.charset.StandardCharsets;

/** UTF-8 decoding as browsers do it: every maximal invalid part becomes one U+FFFD, and a BOM is a character. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';
    private static final byte SURROGATE_LEAD = (byte) 0xED;
    private static final byte NEVER_VALID = (byte) 0xFF;

    private Utf8() {}

    static String decode(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeWithSurrogates(bytes, length, text);
    }

    // The JDK takes an encoded surrogate (ED A0 80) for one invalid part; by the Encoding Standard ED is invalid as
    // soon
    // as A0 follows, which makes three. An FFh in its place says just that, at the same length.
    private static String decodeWithSurrogates(byte[] bytes, int length, String asTheJdkHasIt) {
        byte[] marked = null;
        for (int i = 0; i + 1 < length; i++) {
            if (bytes[i] == SURROGATE_LEAD && (bytes[i + 1] & 0xE0) == 0xA0) {
                marked = marked == null ? bytes.clone() : marked;
                marked[i] = NEVER_VALID;
            }
        }
        return marked == null ? asTheJdkHasIt : new String(marked, 0, length, StandardCharsets.UTF_8);
    }
}
