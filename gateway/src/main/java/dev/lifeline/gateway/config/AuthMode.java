package dev.lifeline.gateway.config;

import java.util.Locale;

/** How a client proves who it is. */
public enum AuthMode {
    /** It does not: everybody is the same anonymous principal. */
    NONE,
    /** By a bearer key out of a file. */
    KEYS,
    /** By a signed token that somebody else issued. */
    JWT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
