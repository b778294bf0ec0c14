package dev.lifeline.gateway.migration;

import java.util.List;

/**
 * What is to be said of one server of a configuration.
 *
 * @param server its name there
 * @param edits what has to change; empty unless it is changed
 */
public record Finding(String server, Kind kind, String why, List<Edit> edits) {

    /** What becomes of it. */
    public enum Kind {
        /** It used the legacy transport. */
        CHANGED,
        /** It is none of our business. */
        LEFT_ALONE,
        /** Somebody has to look at it. */
        UNCLEAR
    }

    /**
     * One value that is replaced by another.
     *
     * @param key where it stands
     * @param from the first character of the old value in the text
     * @param to after its last one
     */
    public record Edit(String key, int from, int to, String before, String after) {

        static Edit of(String key, JsonNode value, String after) {
            return new Edit(key, value.from(), value.to(), value.text(), after);
        }
    }

    static Finding leftAlone(String server, String why) {
        return new Finding(server, Kind.LEFT_ALONE, why, List.of());
    }

    static Finding unclear(String server, String why) {
        return new Finding(server, Kind.UNCLEAR, why, List.of());
    }

    static Finding changed(String server, List<Edit> edits) {
        return new Finding(server, Kind.CHANGED, "it uses the old transport", List.copyOf(edits));
    }
}
