package dev.lifeline.gateway.client;

/** Why a request of a source came to nothing. An answer and not a defect, so without a stack trace. */
final class SendFailure extends RuntimeException {

    private final Sending.Fate fate;

    SendFailure(Sending.Fate fate, String message) {
        super(message, null, false, false);
        this.fate = fate;
    }

    Sending.Fate fate() {
        return fate;
    }
}
