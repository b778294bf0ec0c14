package dev.lifeline.gateway.config;

/**
 * A value that must not be seen: it prints as stars, so that a record holding it can be logged.
 *
 * @param reveal the value itself, for the one place that needs it
 */
public record Secret(String reveal) {

    @Override
    public String toString() {
        return Option.MASK;
    }
}
