package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Random streams and texts that are likelier than plain chance to hit what a parser gets wrong. */
final class Mess {

    private static final List<byte[]> PIECES = List.of(
            latin("\n"),
            latin("\r"),
            latin("\r\n"),
            latin("\n\n"),
            latin(":"),
            latin(" "),
            latin("\0"),
            latin("\t"),
            latin("data"),
            latin("data:"),
            latin("id:"),
            latin("id"),
            latin("event:"),
            latin("retry:"),
            latin("7"),
            latin("\u00EF\u00BB\u00BF"),
            latin("\u00EF\u00BB"),
            latin("\u00ED\u00A0\u0080"),
            latin("\u00E2\u0082"),
            latin("\u00F0\u009F\u0098\u0080"),
            latin("\u00F0\u009F"),
            latin("\u0080"),
            latin("\u00FF"),
            "…".getBytes(UTF_8));

    private static final String[] LETTERS = {
        "\n", "\r", "\r\n", "\0", " ", ":", "\uFEFF", "\uD83D\uDE00", "\uFFFD", "\u2028", "a", "data:", "é", "\uFFFF"
    };

    private Mess() {}

    /** Bytes of a stream, of up to so many pieces. */
    static byte[] stream(Random random, int pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(pieces); i > 0; i--) {
            byte[] piece = piece(random);
            out.write(piece, 0, piece.length);
        }
        return out.toByteArray();
    }

    static byte[] piece(Random random) {
        return random.nextInt(8) == 0
                ? new byte[] {(byte) random.nextInt(256)}
                : PIECES.get(random.nextInt(PIECES.size()));
    }

    /** Any text that has a UTF-8 form, so without unpaired surrogates. */
    static String text(Random random, int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(letters + 1); i > 0; i--) {
            if (random.nextBoolean()) {
                text.append(LETTERS[random.nextInt(LETTERS.length)]);
            } else {
                text.appendCodePoint(scalar(random));
            }
        }
        return text.toString();
    }

    /** The same without what no line can hold. */
    static String label(Random random, int letters) {
        return text(random, letters).replaceAll("[\r\n\0]", "");
    }

    private static int scalar(Random random) {
        int point = random.nextInt(Character.MAX_CODE_POINT + 1);
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? '~' : point;
    }

    private static byte[] latin(String bytes) {
        return bytes.getBytes(ISO_8859_1);
    }
}
