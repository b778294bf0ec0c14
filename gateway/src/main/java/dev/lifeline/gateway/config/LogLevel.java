package dev.lifeline.gateway.config;

import java.util.Locale;

/** The least that is worth a log line. */
public enum LogLevel {
    /** Everything. */
    TRACE,
    /** What a developer asks. */
    DEBUG,
    /** What happens once in a while. */
    INFO,
    /** What somebody should look at. */
    WARN,
    /** What does not work. */
    ERROR;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
