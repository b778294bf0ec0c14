package dev.lifeline.gateway.demo;

import io.vertx.core.json.JsonArray;
import java.util.Comparator;
import java.util.List;

/** The revisions of the protocol that are spoken here. */
final class Revisions {

    /** Every request says all it needs itself: no handshake, no session, no standing stream. */
    static final String MODERN = "2026-07-28";

    /** What a client speaks that names none. */
    static final String WITHOUT_HEADER = "2025-03-26";

    /** The only one in which several messages may come in an array. */
    static final String WITH_BATCHES = "2025-03-26";

    static final String NEWEST_LEGACY = "2025-11-25";

    /** Those that begin with a handshake; the first is that of the old transport, also met over newer ones. */
    static final List<String> LEGACY = List.of("2024-11-05", "2025-03-26", "2025-06-18", NEWEST_LEGACY);

    private Revisions() {}

    /** The newest first, as answers name them. */
    static JsonArray all() {
        JsonArray all = new JsonArray().add(MODERN);
        LEGACY.stream().sorted(Comparator.reverseOrder()).forEach(all::add);
        return all;
    }

    static boolean known(String revision) {
        return MODERN.equals(revision) || revision != null && LEGACY.contains(revision);
    }

    /** The client's, or the newest of ours. */
    static String agreed(String wanted) {
        return wanted != null && LEGACY.contains(wanted) ? wanted : NEWEST_LEGACY;
    }
}
