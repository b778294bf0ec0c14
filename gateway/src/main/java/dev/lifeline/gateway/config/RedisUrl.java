package dev.lifeline.gateway.config;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Where a Redis server listens. The URL may carry a password, so that it prints without.
 *
 * @param reveal the URL itself, for the client that connects
 */
public record RedisUrl(URI reveal) {

    private static final Set<String> SCHEMES = Set.of("redis", "rediss");

    /** Reads a URL; a user name, a password and a database number may be in it. */
    static Optional<RedisUrl> parse(String text) {
        return Kinds.uri(text)
                .filter(uri -> uri.getHost() != null && SCHEMES.contains(uri.getScheme()))
                .map(RedisUrl::new);
    }

    public boolean encrypted() {
        return "rediss".equals(reveal.getScheme());
    }

    @Override
    public String toString() {
        String login = reveal.getRawUserInfo() == null ? "" : Option.MASK + "@";
        String port = reveal.getPort() < 0 ? "" : ":" + reveal.getPort();
        String query = reveal.getRawQuery() == null ? "" : "?" + Option.MASK;
        return reveal.getScheme() + "://" + login + reveal.getHost() + port + reveal.getRawPath() + query;
    }
}
