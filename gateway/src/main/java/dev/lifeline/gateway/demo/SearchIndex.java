package dev.lifeline.gateway.demo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds pages by their words: rare words weigh more, words of a title weigh more, and long pages gain nothing by it. */
final class SearchIndex {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final int TITLE_WEIGHT = 4;

    /** How soon further occurrences of a word stop to count, and how much the length of a page does. */
    private static final double SATURATION = 1.2;

    private static final double LENGTH_SHARE = 0.6;
    private static final int LONGEST_EXCERPT = 400;

    private final Map<String, Page> pages = new HashMap<>();
    private final Map<String, Integer> lengths = new HashMap<>();
    private final Map<String, Map<String, Integer>> counts = new HashMap<>();

    /** A page found, its score, and the paragraph that fits best. */
    record Hit(Page page, double score, String excerpt) {}

    /** Adds a page, or puts it in the place of the one of its name. */
    void add(Page page) {
        remove(page.name());
        pages.put(page.name(), page);
        count(page, page.text(), 1);
        count(page, page.title(), TITLE_WEIGHT);
    }

    void remove(String name) {
        pages.remove(name);
        lengths.remove(name);
        counts.values().forEach(each -> each.remove(name));
        counts.values().removeIf(Map::isEmpty);
    }

    private void count(Page page, String text, int weight) {
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            counts.computeIfAbsent(stem(words.group()), word -> new HashMap<>())
                    .merge(page.name(), weight, Integer::sum);
            lengths.merge(page.name(), weight, Integer::sum);
        }
    }

    /** The best first; none of them without any of the words. */
    List<Hit> search(String query, int most) {
        Set<String> wanted = stems(query);
        Map<String, Double> scores = new HashMap<>();
        for (String word : wanted) {
            Map<String, Integer> found = counts.getOrDefault(word, Map.of());
            double rarity = Math.log(1 + (pages.size() - found.size() + 0.5) / (found.size() + 0.5));
            found.forEach((name, count) -> scores.merge(name, rarity * worth(name, count), Double::sum));
        }
        return scores.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(entry -> hit(entry.getKey(), entry.getValue(), wanted))
                .toList();
    }

    private double worth(String name, int count) {
        double average =
                lengths.values().stream().mapToInt(Integer::intValue).average().orElse(1);
        double length = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths.get(name) / average;
        return count * (SATURATION + 1) / (count + SATURATION * length);
    }

    private Hit hit(String name, double score, Set<String> wanted) {
        Page page = pages.get(name);
        String best = Arrays.stream(page.text().split("\\n\\s*\\n"))
                .filter(paragraph -> !paragraph.startsWith("#"))
                .max(Comparator.comparingLong(paragraph ->
                        stems(paragraph).stream().filter(wanted::contains).count()))
                .orElse("")
                .strip();
        return new Hit(page, score, best.length() > LONGEST_EXCERPT ? best.substring(0, LONGEST_EXCERPT) + "…" : best);
    }

    private static Set<String> stems(String text) {
        Set<String> stems = new HashSet<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            stems.add(stem(words.group()));
        }
        return stems;
    }

    /** One form for {@code resume}, {@code resumes}, {@code resumed} and {@code resuming}; crude, and enough for English. */
    static String stem(String word) {
        return word.toLowerCase(Locale.ROOT)
                .replaceFirst("(?<=\\p{L}{3})(?<!s)s$", "")
                .replaceFirst("(?<=\\p{L}{3})(ing|ed)$", "")
                .replaceFirst("(?<=\\p{L}{3})e$", "");
    }
}
