package dev.lifeline.wire;

/** A stream passed one of the {@link Bounds}; the parser takes nothing more of it. */
public final class SseLimitException extends RuntimeException {

    private final String bound;

    SseLimitException(String bound, int bytes) {
        super("the stream holds more than " + bytes + " bytes of " + bound);
        this.bound = bound;
    }

    private SseLimitException(SseLimitException first) {
        super(first.getMessage(), first);
        this.bound = first.bound;
    }

    /** Which of the {@link Bounds} was passed, by its component's name. */
    public String bound() {
        return bound;
    }

    /** The same refusal for the next one who asks, with a trace of their own. */
    SseLimitException again() {
        return new SseLimitException(this);
    }
}
