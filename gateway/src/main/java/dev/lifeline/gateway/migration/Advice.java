package dev.lifeline.gateway.migration;

import java.util.Locale;

/**
 * What to do about a client of the legacy transport.
 *
 * @param why from what this follows, for people
 */
public record Advice(Verdict verdict, String why) {

    /** Whether it could move today. */
    public enum Verdict {
        /** Yes: its configuration is all that has to change. */
        READY,
        /** After an update. */
        UPDATE,
        /** Nobody can tell from here. */
        UNKNOWN;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Advice ready(String why) {
        return new Advice(Verdict.READY, why);
    }

    static Advice update(String why) {
        return new Advice(Verdict.UPDATE, why);
    }

    static Advice unknown(String why) {
        return new Advice(Verdict.UNKNOWN, why);
    }
}
