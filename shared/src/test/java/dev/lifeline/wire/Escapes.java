package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** The escapes of the scenario files: any bytes as readable text. The list is in {@code wire/README.md}. */
final class Escapes {

    private static final byte[] BOM = "\uFEFF".getBytes(UTF_8);

    private final String text;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    private Escapes(String text) {
        this.text = text;
    }

    static byte[] bytes(String text) {
        Escapes escapes = new Escapes(text);
        while (escapes.at < text.length()) {
            escapes.one();
        }
        return escapes.out.toByteArray();
    }

    static String text(String text) {
        return new String(bytes(text), UTF_8);
    }

    private void one() {
        if (text.charAt(at) != '\\') {
            int end = text.indexOf('\\', at);
            put(take((end < 0 ? text.length() : end) - at).getBytes(UTF_8));
            return;
        }
        char kind = text.charAt(at + 1);
        at += 2;
        switch (kind) {
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 's' -> out.write(' ');
            case '0' -> out.write(0);
            case '\\' -> out.write('\\');
            case 'x' -> out.write(Integer.parseInt(take(2), 16));
            case 'u' -> put(Character.toString(Integer.parseInt(take(4), 16)).getBytes(UTF_8));
            case 'B' -> bom();
            case '{' -> repeat();
            default -> throw new IllegalArgumentException("no such escape: \\" + kind + " in " + text);
        }
    }

    private void bom() {
        if (!take(2).equals("OM")) {
            throw new IllegalArgumentException("\\B starts \\BOM, in " + text);
        }
        put(BOM);
    }

    private void repeat() {
        int close = text.indexOf('}', at);
        String inside = take(close - at);
        at++;
        int star = inside.lastIndexOf('*');
        byte[] once = bytes(inside.substring(0, star));
        for (int i = Integer.parseInt(inside.substring(star + 1)); i > 0; i--) {
            put(once);
        }
    }

    private String take(int count) {
        at += count;
        return text.substring(at - count, at);
    }

    private void put(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
    }
}
