package dev.lifeline.gateway.security;

import java.util.Optional;

/**
 * What a request brought to prove who sends it. Never printed: {@link #toString()} tells only whether there is one.
 *
 * @param bearer the token after {@code Authorization: Bearer}
 */
public record Credentials(Optional<String> bearer) {

    private static final Credentials NONE = new Credentials(Optional.empty());

    public static Credentials none() {
        return NONE;
    }

    public static Credentials bearer(String token) {
        return new Credentials(Optional.of(token));
    }

    @Override
    public String toString() {
        return bearer.isPresent() ? "Credentials[bearer]" : "Credentials[none]";
    }
}
