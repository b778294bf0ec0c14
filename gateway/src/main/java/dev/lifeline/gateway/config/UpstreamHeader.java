package dev.lifeline.gateway.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A header to send to an upstream.
 *
 * @param upstream its name; empty where there is only one
 */
record UpstreamHeader(Optional<String> upstream, String name, Secret value) {

    private static final Pattern SHAPE = Pattern.compile(
            "(?:(" + Kinds.UPSTREAM_NAME + "):)?([\\w!#$%&'*+.^`|~-]{1,128}):[ \\t]+([\\x20-\\x7e\\t]+)");

    /** What the transport says itself; said a second time, or otherwise, it would break it. */
    private static final Set<String> TAKEN = Set.of(
            "accept",
            "connection",
            "content-length",
            "content-type",
            "host",
            "keep-alive",
            "last-event-id",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Reads {@code [name:]Header: value}; the blank after the second colon tells which is which. */
    static Optional<UpstreamHeader> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches()
                ? Optional.of(new UpstreamHeader(
                        Optional.ofNullable(matcher.group(1)), matcher.group(2), new Secret(matcher.group(3))))
                : Optional.empty();
    }

    boolean isOursToSay() {
        String lower = name.toLowerCase(Locale.ROOT);
        return TAKEN.contains(lower) || lower.startsWith("mcp-");
    }

    boolean isFor(String which) {
        return upstream.isEmpty() || upstream.get().equals(which);
    }

    @Override
    public String toString() {
        return upstream.map(which -> which + ":").orElse("") + name + ": " + value;
    }
}
