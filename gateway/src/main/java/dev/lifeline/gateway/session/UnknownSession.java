package dev.lifeline.gateway.session;

/** There is no such session for this caller: it never was, is over, or is somebody else's, and none can tell which. */
public final class UnknownSession extends RuntimeException {

    public UnknownSession() {
        super("no such session", null, false, false);
    }
}
