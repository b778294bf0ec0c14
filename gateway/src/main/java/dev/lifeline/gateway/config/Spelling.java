package dev.lifeline.gateway.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds what a mistyped name was meant to be. */
final class Spelling {

    private Spelling() {}

    /**
     * The end of a sentence about an unknown name: "; did you mean X?", or nothing where nothing is near.
     *
     * @param known names a person may have meant, each with the name to propose
     */
    static String hint(String name, Map<String, String> known) {
        return nearest(name, known)
                .map(meant -> "; did you mean " + meant + "?")
                .orElse("");
    }

    static Optional<String> nearest(String name, Map<String, String> known) {
        String wanted = plain(name);
        int tolerated = Math.max(1, Math.min(wanted.length() / 3, 4));
        return known.entrySet().stream()
                .map(entry -> Map.entry(distance(wanted, plain(entry.getKey())), entry.getValue()))
                .filter(entry -> entry.getKey() <= tolerated)
                .min(Comparator.comparing(Map.Entry<Integer, String>::getKey).thenComparing(Map.Entry::getValue))
                .map(Map.Entry::getValue);
    }

    /** Case and separators aside: {@code heartbeatInterval} is {@code heartbeat_interval}. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Letters to add, drop, change or swap with their neighbour. */
    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, i, j, one, other);
            }
        }
        return cost[one.length()][other.length()];
    }

    private static int step(int[][] cost, int i, int j, String one, String other) {
        int changed = cost[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        int least = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
