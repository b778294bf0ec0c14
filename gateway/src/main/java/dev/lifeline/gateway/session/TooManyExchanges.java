package dev.lifeline.gateway.session;

/** The session has as many requests without an outcome as it may have. */
public final class TooManyExchanges extends RuntimeException {

    public TooManyExchanges() {
        super("too many requests without an answer", null, false, false);
    }
}
