package dev.lifeline.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is in force and where each value came from: what {@code check} prints. Secrets are masked.
 *
 * @param settings one for each option, in the order of the reference
 */
public record Effective(List<Setting> settings) {

    /** A key, the text it has, and the source that gave it. */
    public record Setting(String key, String value, String origin) {}

    static Effective of(Values values) {
        return new Effective(Options.ALL.stream()
                .map(option -> new Setting(
                        option.key(),
                        values.shown(option),
                        values.given(option).origin().toString()))
                .toList());
    }

    /** One line each: key, value, source. */
    public String render() {
        int key = width(settings.stream().map(Setting::key).toList());
        int value = Math.min(40, width(settings.stream().map(Setting::value).toList()));
        String line = "%-" + key + "s  %-" + value + "s  %s%n";
        return settings.stream()
                .map(each -> line.formatted(each.key(), each.value().isEmpty() ? "-" : each.value(), each.origin()))
                .collect(Collectors.joining());
    }

    private static int width(List<String> column) {
        return column.stream().mapToInt(String::length).max().orElse(1);
    }
}
