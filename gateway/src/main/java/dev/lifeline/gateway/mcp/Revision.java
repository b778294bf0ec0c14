package dev.lifeline.gateway.mcp;

import java.util.List;
import java.util.regex.Pattern;

/** The protocol's revisions, by the dates they are called after. */
final class Revision {

    static final String BATCHES_UP_TO = "2025-03-26";
    static final String POLLING_FROM = "2025-11-25";
    static final String MODERN_FROM = "2026-07-28";

    /** What sessions are served in, newest first. */
    static final List<String> WITH_SESSIONS =
            List.of(POLLING_FROM, "2025-06-18", BATCHES_UP_TO, "2024-11-05", "2024-10-07");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private Revision() {}

    static boolean isModern(String revision) {
        return isDate(revision) && revision.compareTo(MODERN_FROM) >= 0;
    }

    static boolean isKnown(String revision) {
        return WITH_SESSIONS.contains(revision);
    }

    /** Whether a stream may begin with an id alone, and end before its answer. */
    static boolean polls(String revision) {
        return isDate(revision) && revision.compareTo(POLLING_FROM) >= 0;
    }

    static boolean batches(String revision) {
        return revision == null || revision.compareTo(BATCHES_UP_TO) <= 0;
    }

    /** Whether a client that names it when it asks for the legacy stream has been here before: a newcomer names none. */
    static boolean comesBack(String revision) {
        return isDate(revision) && revision.compareTo(BATCHES_UP_TO) >= 0;
    }

    static boolean isDate(String text) {
        return text != null
                && (WITH_SESSIONS.contains(text) || DATE.matcher(text).matches());
    }
}
