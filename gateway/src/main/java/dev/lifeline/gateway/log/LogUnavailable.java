package dev.lifeline.gateway.log;

/** The log cannot be reached or cannot take more. Thrown often when it happens at all, so it carries no stack trace. */
public final class LogUnavailable extends RuntimeException {

    public LogUnavailable(String message) {
        super(message, null, false, false);
    }
}
