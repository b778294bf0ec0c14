package dev.lifeline.gateway.security;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Who is asking, and what they may do. Sessions belong to a principal's name; somebody else's id is an unknown id.
 *
 * @param name stable, unique within the gateway, fit for a log line
 * @param grant the channels
 * @param admin whether the operations routes are open to them
 * @param expiresAt when the credential ends, and every stream opened with it; empty = never
 */
public record Principal(String name, Grant grant, boolean admin, Optional<Instant> expiresAt) {

    private static final String NOBODY = "anonymous";

    private static final int LONGEST_NAME = 256;

    public Principal {
        Objects.requireNonNull(grant, "grant");
        Objects.requireNonNull(expiresAt, "expiresAt");
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name has 1 to " + LONGEST_NAME + " characters and no control ones");
        }
    }

    /** Everybody, where nobody is asked who they are: every channel, no operations routes. */
    public static Principal anonymous() {
        return anonymous(false);
    }

    /** The same, with the operations routes if the operator said so. */
    public static Principal anonymous(boolean admin) {
        return new Principal(NOBODY, Grant.EVERYTHING, admin, Optional.empty());
    }

    /** Somebody who proved it; the name of nobody is not to be had. */
    public static Principal named(String name, Grant grant, boolean admin, Optional<Instant> expiresAt) {
        if (NOBODY.equals(name)) {
            throw new IllegalArgumentException("the name '" + NOBODY + "' is taken");
        }
        return new Principal(name, grant, admin, expiresAt);
    }

    public boolean isAnonymous() {
        return NOBODY.equals(name);
    }

    public boolean mayPublish(String channel) {
        return grant.mayPublish(channel);
    }

    public boolean maySubscribe(String channel) {
        return grant.maySubscribe(channel);
    }

    public boolean isExpired(Instant now) {
        return expiresAt.filter(end -> !end.isAfter(now)).isPresent();
    }
}
