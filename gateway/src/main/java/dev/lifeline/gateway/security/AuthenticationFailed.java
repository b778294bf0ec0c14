package dev.lifeline.gateway.security;

/**
 * The one way not to be let in. It never says which part was wrong: whoever guesses would learn from it.
 */
public final class AuthenticationFailed extends RuntimeException {

    public AuthenticationFailed() {
        super("not authenticated", null, false, false);
    }
}
