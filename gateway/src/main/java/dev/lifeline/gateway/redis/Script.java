package dev.lifeline.gateway.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, known to Redis by its digest.
 *
 * @param text what Redis runs
 * @param digest the SHA-1 by which it is called once Redis has seen it
 */
public record Script(String text, String digest) {

    /** Puts a script together from resource files of the {@code redis} folder, first to last. */
    public static Script of(String... files) {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(read("/redis/" + file));
        }
        return saying(text.toString());
    }

    static Script saying(String text) {
        return new Script(text, sha1(text));
    }

    private static String read(String path) {
        try (InputStream in = Script.class.getResourceAsStream(path)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
