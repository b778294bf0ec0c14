package dev.lifeline.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the scenario files; the format is told in {@code wire/README.md}, beside them. */
final class ScenarioReader {

    private static final Pattern EVENT = Pattern.compile("(?:id=(\\S+) )?(?:type=(\\S+) )?data=(.*)");
    private static final Pattern BOUNDS = Pattern.compile("data=(\\d+) label=(\\d+) skipped=(\\d+)");

    private final List<Scenario> found = new ArrayList<>();
    private String row = "";

    /** The case being read; no name before the first. */
    private String name;

    private Bounds bounds;
    private String resume;
    private List<Scenario.Stream> streams;
    private List<byte[]> chunks;
    private List<Fact> facts;
    private String last;
    private List<String> client;

    private ScenarioReader() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        try (var files = Files.list(folder())) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".wire")) {
                    all.addAll(new ScenarioReader().read(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static Path folder() {
        try {
            return Path.of(ScenarioReader.class.getResource("/wire").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Scenario> read(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                int space = line.indexOf(' ');
                String keyword = space < 0 ? line : line.substring(0, space);
                take(keyword, space < 0 ? "" : line.substring(space + 1));
            }
        }
        finish();
        return found;
    }

    private void take(String keyword, String value) {
        switch (keyword) {
            case "row" -> row = value;
            case "case" -> {
                finish();
                begin(value);
            }
            case "bounds" -> bounds = bounds(value);
            case "resume" -> resume = Escapes.text(value);
            case "feed" -> chunks.add(Escapes.bytes(value));
            case "end" -> endStream();
            case "last" -> last = Escapes.text(value);
            case "client", "request", "answer", "location", "then" -> client.add((keyword + " " + value).trim());
            default -> facts.add(fact(keyword, value));
        }
    }

    private static Bounds bounds(String value) {
        Matcher found = matched(BOUNDS, value);
        return new Bounds(number(found.group(1)), number(found.group(2)), number(found.group(3)));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static Fact fact(String keyword, String value) {
        return switch (keyword) {
            case "event" -> event(value);
            case "position" -> new Fact.Moved(Escapes.text(value));
            case "retry" -> new Fact.Wait(number(value));
            case "comment" -> new Fact.Remark(Escapes.text(value));
            case "limit" -> new Fact.Refused(value);
            default -> throw new IllegalArgumentException("no such keyword: " + keyword);
        };
    }

    private static Fact event(String value) {
        Matcher found = matched(EVENT, value);
        String id = found.group(1) == null ? "" : Escapes.text(found.group(1));
        String type = found.group(2) == null ? "message" : Escapes.text(found.group(2));
        return new Fact.Arrived(id, type, Escapes.text(found.group(3)));
    }

    private static Matcher matched(Pattern pattern, String value) {
        Matcher matcher = pattern.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not understood: " + value);
        }
        return matcher;
    }

    private void begin(String newName) {
        name = newName;
        bounds = Bounds.DEFAULT;
        resume = "";
        streams = new ArrayList<>();
        chunks = new ArrayList<>();
        facts = new ArrayList<>();
        last = "";
        client = new ArrayList<>();
    }

    private void endStream() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        for (byte[] chunk : chunks) {
            bytes.write(chunk, 0, chunk.length);
            ends.add(bytes.size());
        }
        int[] cuts = ends.stream().limit(ends.size() - 1L).mapToInt(i -> i).toArray();
        streams.add(new Scenario.Stream(bytes.toByteArray(), cuts));
        chunks.clear();
    }

    private void finish() {
        if (name == null) {
            return;
        }
        if (!chunks.isEmpty()) {
            endStream();
        }
        var setting = new Scenario.Setting(bounds, resume);
        var outcome = new Scenario.Outcome(Collections.unmodifiableList(facts), last);
        found.add(new Scenario(row, name, setting, streams, outcome, client));
    }
}
