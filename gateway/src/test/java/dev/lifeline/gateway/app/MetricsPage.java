package dev.lifeline.gateway.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a scrape says about itself, as the page of the docs that lists it. */
final class MetricsPage {

    /** Names of upstreams are for whoever configures them; buckets are what they are. */
    private static final List<String> OPEN_LABELS = List.of("upstream", "le");

    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final String HEAD = """
            # Metrics

            <!-- Generated from what a running gateway answers; do not edit. To write it anew:
            mvn -q -pl shared,gateway -am test -Dtest=MetricsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dlifeline.write=true -->

            What `/metrics` answers, in the text format of Prometheus. The unit stands in brackets. A *summary* or *histogram* has
            `_count`, `_sum` and a `_max` of the last minutes; a histogram also `_bucket`s. Labels have the values listed and
            no others; `upstream` is the name of a configured upstream. No session, client, stream or event ever is a label.
            What to watch and what to be woken for: [operations.md](../operations.md).

            | name | type | labels | meaning |
            |---|---|---|---|
            """;

    /** One metric: its type, its help, and the values of its labels. */
    static final class Family {
        String type = "";
        String help = "";
        final Map<String, Collection<String>> labels = new TreeMap<>();
    }

    private final Map<String, Family> families = new LinkedHashMap<>();

    MetricsPage(String scrape) {
        scrape.lines().forEach(this::take);
    }

    private void take(String line) {
        String[] words = line.split(" ", 4);
        if (line.startsWith("# HELP ")) {
            family(words[2]).help = words[3];
        } else if (line.startsWith("# TYPE ")) {
            family(words[2]).type = words[3];
        } else {
            Family family = of(line.split("[{ ]", 2)[0]);
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                family.labels
                        .computeIfAbsent(label.group(1), name -> new TreeSet<>())
                        .add(label.group(2));
            }
        }
    }

    private Family family(String name) {
        return families.computeIfAbsent(name, fresh -> new Family());
    }

    private Family of(String sample) {
        return families.containsKey(sample) ? family(sample) : family(sample.replaceFirst("_(count|sum|bucket)$", ""));
    }

    Map<String, Family> families() {
        return families;
    }

    String markdown() {
        List<String> rows = new ArrayList<>();
        new TreeMap<>(families).forEach((name, family) -> {
            if (!name.endsWith("_max") || !families.containsKey(name.replaceFirst("_max$", ""))) {
                rows.add("| `" + name + "` | " + family.type + " | " + labels(family) + " | " + family.help + " |");
            }
        });
        return HEAD + String.join("\n", rows) + "\n";
    }

    private static String labels(Family family) {
        return family.labels.entrySet().stream()
                .filter(label -> !label.getKey().equals("le"))
                .map(label -> OPEN_LABELS.contains(label.getKey())
                        ? "`" + label.getKey() + "`"
                        : "`" + label.getKey() + "`: " + String.join(", ", label.getValue()))
                .collect(Collectors.joining("; "));
    }

    /** The names under which samples can be asked for. */
    Collection<String> samples() {
        Collection<String> names = new TreeSet<>();
        families.forEach((name, family) -> {
            boolean timed = family.type.equals("summary") || family.type.equals("histogram");
            names.add(name);
            if (timed) {
                names.addAll(List.of(name + "_count", name + "_sum", name + "_bucket"));
            }
        });
        return names;
    }
}
