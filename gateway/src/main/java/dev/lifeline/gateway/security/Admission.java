package dev.lifeline.gateway.security;

/** What {@link ConnectionLimits} says to a new connection: a place, to be given back, or the limit it ran into. */
public sealed interface Admission {

    /**
     * No place.
     *
     * @param limit which bound it was
     */
    record Refused(Limit limit) implements Admission {}

    /** A place. Give it back once the connection is gone; doing so again does nothing. */
    non-sealed interface Place extends Admission {
        void release();
    }
}
