package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.http.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is sought in a list, and which part of it is wanted. Bounded, because whoever is to show the thousandth line needs
 * a thousand of every node.
 */
record Query(Map<String, String> filters, int offset, int limit) {

    static final int MOST_OFFSET = 10_000;
    static final int MOST_LIMIT = 500;

    private static final int LIMIT = 50;
    private static final int LONGEST = 128;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** Reads the parameters of a request; whatever is not understood is a mistake that is said to be one. */
    static Query of(MultiMap parameters, Set<String> known) {
        Map<String, String> filters = new TreeMap<>();
        parameters.forEach((name, value) -> {
            boolean paging = name.equals("offset") || name.equals("limit");
            if (!paging && !known.contains(name)) {
                throw Problem.badRequest("There is no parameter " + Shown.clean(name) + " here: "
                        + String.join(", ", new TreeSet<>(known)) + ", offset and limit are.");
            }
            if (value.length() > LONGEST) {
                throw Problem.badRequest(name + " has more than " + LONGEST + " characters.");
            }
            if (!paging && !value.isEmpty()) {
                filters.put(name, value);
            }
        });
        return new Query(
                filters,
                number(parameters, "offset", 0, 0, MOST_OFFSET),
                number(parameters, "limit", LIMIT, 1, MOST_LIMIT));
    }

    private static int number(MultiMap parameters, String name, int fallback, int least, int most) {
        String text = parameters.get(name);
        if (text == null || text.isEmpty()) {
            return fallback;
        }
        if (!NUMBER.matcher(text).matches() || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw Problem.badRequest(name + " is a number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(text);
    }

    /** One of these words, or what stands for none. */
    static String word(Map<String, String> filters, String name, Set<String> words, String fallback) {
        String word = filters.getOrDefault(name, fallback);
        if (word != null && !words.contains(word)) {
            throw Problem.badRequest(name + " is one of: " + String.join(", ", words) + ".");
        }
        return word;
    }

    int reach() {
        return offset + limit;
    }

    String wire() {
        JsonObject said = new JsonObject();
        filters.forEach(said::put);
        return new JsonObject().put("filters", said).put("most", reach()).encode();
    }

    /** As another node asks: for everything up to where its own page ends. */
    static Query of(String wire) {
        JsonObject said = new JsonObject(wire);
        Map<String, String> filters = new TreeMap<>();
        said.getJsonObject("filters")
                .forEach(filter -> filters.put(filter.getKey(), String.valueOf(filter.getValue())));
        int most = Math.max(1, Math.min(MOST_OFFSET + MOST_LIMIT, said.getInteger("most")));
        return new Query(filters, 0, most);
    }
}
