package dev.lifeline.gateway.security;

/**
 * Which channels a permission speaks of: one by its exact name, all that begin alike ({@code orders/*}), or all.
 *
 * @param text as written in a key file or a token
 */
public record ChannelPattern(String text) {

    private static final String WILDCARD = "*";

    /** Refuses what somebody may have meant as a pattern and what would silently match nothing. */
    public ChannelPattern {
        if (text.isBlank() || text.indexOf(WILDCARD) < text.length() - 1 && text.contains(WILDCARD)) {
            throw new IllegalArgumentException("a channel pattern is a name, a prefix with one '*' at its end, or '*'");
        }
    }

    public boolean matches(String channel) {
        return text.endsWith(WILDCARD)
                ? channel.startsWith(text.substring(0, text.length() - WILDCARD.length()))
                : channel.equals(text);
    }
}
