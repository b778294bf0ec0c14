package dev.lifeline.gateway.session;

/** Why a message did not get through to the upstream. An answer and not a defect, so without a stack trace. */
public final class LinkFailure extends RuntimeException {

    private final Ending ending;

    public LinkFailure(Ending ending, String message) {
        super(message, null, false, false);
        this.ending = ending;
    }

    public Ending ending() {
        return ending;
    }
}
