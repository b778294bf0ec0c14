package dev.lifeline.gateway.migration;

import java.util.Locale;
import java.util.Optional;

/** The URL a client was given, as it stands in its configuration: with variables in it, if it likes. */
record EndpointUrl(String text) {

    private static final String LEGACY = "/sse";
    private static final String STREAMABLE = "/mcp";

    boolean isLegacy() {
        return path().endsWith(LEGACY) && !isBeneathStreamable();
    }

    /** Servers that put the old transport there have the new one at a place of their own. */
    boolean isBeneathStreamable() {
        return path().endsWith(STREAMABLE + LEGACY);
    }

    boolean isStreamable() {
        return path().endsWith(STREAMABLE);
    }

    /** Whether it lies at a gateway; everything does where none is named. */
    boolean isAt(Optional<String> gateway) {
        return gateway.map(EndpointUrl::bare)
                .map(at -> lower().equals(at) || lower().startsWith(at + "/"))
                .orElse(true);
    }

    /** The Streamable door beside a legacy one. */
    String successor() {
        String path = path();
        return path.substring(0, path.length() - LEGACY.length()) + STREAMABLE + text.substring(end());
    }

    private String lower() {
        return bare(text);
    }

    private static String bare(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** All before query and fragment, without a slash at its end. */
    private String path() {
        String path = text.substring(0, end());
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private int end() {
        int query = text.indexOf('?');
        int fragment = text.indexOf('#');
        int end = query < 0 ? text.length() : query;
        return fragment < 0 ? end : Math.min(end, fragment);
    }
}
