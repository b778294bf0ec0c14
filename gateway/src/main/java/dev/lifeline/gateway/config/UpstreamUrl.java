package dev.lifeline.gateway.config;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A named address of an MCP server. The query of a URL may hold a token, so that it prints without.
 *
 * @param reveal the URL itself, for the client that connects
 */
record UpstreamUrl(String name, URI reveal) {

    private static final Pattern NAMED = Pattern.compile("(?:(" + Kinds.UPSTREAM_NAME + ")=)?([A-Za-z]+://.*)");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** Reads {@code [name=]URL}. A user name in it would not be sent, and a fragment means nothing: neither may stand. */
    static Optional<UpstreamUrl> parse(String text) {
        Matcher matcher = NAMED.matcher(text);
        return matcher.matches()
                ? Kinds.uri(matcher.group(2))
                        .filter(UpstreamUrl::isAccepted)
                        .map(uri -> new UpstreamUrl(Kinds.nameOrDefault(matcher.group(1)), uri))
                : Optional.empty();
    }

    private static boolean isAccepted(URI uri) {
        return SCHEMES.contains(uri.getScheme())
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null;
    }

    /** Whether it speaks the transport of 2024-11-05, which has no single endpoint. */
    boolean legacy() {
        return reveal.getPath().endsWith("/sse");
    }

    /** Whether somebody on the way could read what is sent there. */
    boolean inTheClear() {
        return "http".equals(reveal.getScheme()) && !Loopback.names(reveal.getHost());
    }

    @Override
    public String toString() {
        return name + "=" + GatewayConfig.Upstream.Http.shown(reveal);
    }
}
