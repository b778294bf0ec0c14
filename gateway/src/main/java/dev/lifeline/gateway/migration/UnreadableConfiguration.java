package dev.lifeline.gateway.migration;

/** A file that is no client's configuration; the message says what is wrong and where. */
public final class UnreadableConfiguration extends RuntimeException {

    public UnreadableConfiguration(String message) {
        super(message, null, false, false);
    }
}
