package dev.lifeline.gateway.http;

import io.vertx.core.http.HttpServerRequest;

/**
 * Where a request comes from, as limits and logs have it.
 *
 * @param forwarded whether a proxy of ours stands in front, whose {@code X-Forwarded-For} is to be believed: its last
 *     entry, the one that proxy wrote itself
 */
public record PeerAddress(boolean forwarded) {

    private static final int LONGEST = 64;

    public String of(HttpServerRequest request) {
        String header = forwarded ? request.getHeader("X-Forwarded-For") : null;
        if (header == null || header.isBlank()) {
            return request.remoteAddress().hostAddress();
        }
        String last = header.substring(header.lastIndexOf(',') + 1).strip();
        return last.length() > LONGEST ? last.substring(0, LONGEST) : last;
    }
}
