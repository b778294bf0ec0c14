package dev.lifeline.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One file as it is served.
 *
 * @param etag changes when the content does
 */
record Asset(String type, String etag, Buffer content) {

    private static final int DISTINCT = 16;

    static Asset of(String name, byte[] content) {
        return new Asset(type(name), etag(content), Buffer.buffer(content));
    }

    /** Whether the client that sent this {@code If-None-Match} has the content already. */
    boolean isKnown(String ifNoneMatch) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(",")).map(String::strip).anyMatch(this::isNamed);
    }

    // A proxy that compresses makes an ETag weak; the content behind it is the same.
    private boolean isNamed(String tag) {
        return tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag);
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "json" -> "application/json";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "ts", "txt" -> "text/plain; charset=utf-8";
            default -> throw new IllegalStateException("no media type is known for " + name);
        };
    }

    private static String etag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest).substring(0, DISTINCT) + '"';
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
