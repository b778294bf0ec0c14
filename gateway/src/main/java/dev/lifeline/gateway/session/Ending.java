package dev.lifeline.gateway.session;

/** How an upstream's part in something came to its end. */
public enum Ending {
    /** As it should. */
    DONE,
    /** Never reached the upstream: it was certainly not carried out. */
    NOT_SENT,
    /** The upstream no longer knows the session; what was asked was certainly not carried out. */
    FORGOTTEN,
    /** The upstream refused without an answer in JSON-RPC; it was certainly not carried out. */
    REFUSED,
    /** Cut off: what was asked may have been carried out or not. */
    LOST;

    public boolean mayHaveRun() {
        return this == LOST || this == DONE;
    }
}
