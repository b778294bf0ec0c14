package dev.lifeline.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads text strictly: what is not UTF-8 is refused, not mended, because a mended event is a changed one. */
public final class Utf8 {

    private Utf8() {}

    /** The text, or {@link Problem#badUtf8()}. */
    public static String decode(Buffer bytes) {
        return decode(bytes.getBytes());
    }

    public static String decode(byte[] bytes) {
        if (isAscii(bytes)) {
            // One copy and no decoder; most events are ASCII.
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw Problem.badUtf8();
        }
    }

    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte b : bytes) {
            all |= b;
        }
        return all >= 0;
    }
}
