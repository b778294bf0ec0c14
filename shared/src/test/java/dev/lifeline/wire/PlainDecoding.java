package dev.lifeline.wire;

/** UTF-8 as the Encoding Standard words its decoder, byte by byte: what {@link Utf8} is held against. */
final class PlainDecoding {

    private final StringBuilder out = new StringBuilder();
    private int point;
    private int needed;
    private int lower = 0x80;
    private int upper = 0xBF;

    private PlainDecoding() {}

    static String decode(byte[] bytes) {
        PlainDecoding decoding = new PlainDecoding();
        for (byte b : bytes) {
            decoding.take(b & 0xFF);
        }
        if (decoding.needed > 0) {
            decoding.out.append('\uFFFD');
        }
        return decoding.out.toString();
    }

    private void take(int b) {
        if (needed == 0) {
            first(b);
        } else if (b < lower || b > upper) {
            out.append('\uFFFD');
            expect(0, 0);
            first(b);
        } else {
            point = point << 6 | b & 0x3F;
            expect(needed - 1, point);
            if (needed == 0) {
                out.appendCodePoint(point);
            }
        }
    }

    private void first(int b) {
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            expect(1, b & 0x1F);
        } else if (b >= 0xE0 && b <= 0xEF) {
            expect(2, b & 0x0F);
            lower = b == 0xE0 ? 0xA0 : lower;
            upper = b == 0xED ? 0x9F : upper;
        } else if (b >= 0xF0 && b <= 0xF4) {
            expect(3, b & 0x07);
            lower = b == 0xF0 ? 0x90 : lower;
            upper = b == 0xF4 ? 0x8F : upper;
        } else {
            out.append('\uFFFD');
        }
    }

    private void expect(int more, int soFar) {
        needed = more;
        point = soFar;
        lower = 0x80;
        upper = 0xBF;
    }
}
