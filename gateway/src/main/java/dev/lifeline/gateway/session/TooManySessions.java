package dev.lifeline.gateway.session;

/** There is no room for another session; those there are go on. */
public final class TooManySessions extends RuntimeException {

    public TooManySessions(int most) {
        super("no room for another session, of " + most, null, false, false);
    }
}
