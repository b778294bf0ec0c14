package dev.lifeline.gateway.dashboard;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A list that every node has a part of. */
interface Listing {

    /** As in the path, and in the answer. */
    String name();

    /** What may be asked for, beside a part of the list. */
    Set<String> parameters();

    /** Throws a {@link dev.lifeline.gateway.http.Problem} where a value means nothing. */
    default void check(Map<String, String> filters) {}

    /** This node's part: as many rows as the query reaches for, the first of all. */
    Future<Found> find(Query query);

    /** What is the same thing told by several nodes is told once. In order, and stays so. */
    default List<Row> merge(List<Row> rows) {
        return rows;
    }

    /** Whether a text is found in one of others, whatever the case; no text is found everywhere. */
    static boolean matches(String sought, String... texts) {
        if (sought == null) {
            return true;
        }
        for (String text : texts) {
            if (text != null && containsIgnoringCase(text, sought)) {
                return true;
            }
        }
        return false;
    }

    private static boolean containsIgnoringCase(String text, String sought) {
        for (int at = 0; at + sought.length() <= text.length(); at++) {
            if (text.regionMatches(true, at, sought, 0, sought.length())) {
                return true;
            }
        }
        return false;
    }
}
