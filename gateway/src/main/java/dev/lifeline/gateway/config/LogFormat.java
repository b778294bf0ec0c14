package dev.lifeline.gateway.config;

import java.util.Locale;

/** How a log line looks. */
public enum LogFormat {
    /** One line for people. */
    PLAIN,
    /** One JSON object a line, for machines. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
