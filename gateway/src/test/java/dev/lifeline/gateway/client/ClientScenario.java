package dev.lifeline.gateway.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A case of the conformance table that a parser alone cannot prove; the format is told in {@code wire/README.md} of the
 * shared module. Only what such cases use is read.
 */
record ClientScenario(String name, List<String> feeds, List<String> events, Map<String, String> lines) {

    private static final Path FOLDER = Path.of("..", "shared", "src", "test", "resources", "wire");

    static List<ClientScenario> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".wire"))
                    .sorted()
                    .flatMap(file -> read(file).stream())
                    .filter(scenario -> scenario.lines.containsKey("client"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ClientScenario> read(Path file) {
        List<ClientScenario> found = new ArrayList<>();
        String row = "";
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", 2);
                String value = parts.length > 1 ? parts[1] : "";
                if (parts[0].equals("row")) {
                    row = value;
                } else if (parts[0].equals("case")) {
                    found.add(new ClientScenario(
                            row + ": " + value, new ArrayList<>(), new ArrayList<>(), new HashMap<>()));
                } else if (!found.isEmpty() && !line.isEmpty() && !line.startsWith("#")) {
                    found.get(found.size() - 1).take(parts[0], text(value));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void take(String keyword, String value) {
        switch (keyword) {
            case "feed" -> feeds.add(value);
            case "event" -> events.add(value);
            default -> lines.merge(keyword, value, (one, other) -> one + "\n" + other);
        }
    }

    private static String text(String escaped) {
        return escaped.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    }

    int status() {
        return Integer.parseInt(lines.getOrDefault("answer", "200").split(" ")[0]);
    }

    /** The media type of the answer, or null. */
    String type() {
        String[] answer = lines.getOrDefault("answer", "200 text/event-stream").split(" ", 2);
        return answer.length > 1 ? answer[1] : null;
    }

    String then() {
        return lines.get("then");
    }

    @Override
    public String toString() {
        return name;
    }
}
