package dev.lifeline.gateway.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One row of the table everything else is derived from: flags, environment names, YAML keys, help, validation and the
 * reference page. It holds no value; {@link Values} does.
 *
 * @param key the name, in snake_case; also the YAML key
 * @param flag the name on the command line, with its dashes
 * @param kind what a value may be
 * @param fallback the default, written as a user would write it; empty for none
 * @param words what the option means and why the default is what it is
 * @param secret whether the value stays out of every message
 */
record Option<T>(String key, String flag, Kind<T> kind, String fallback, Words words, boolean secret) {

    static final String ENVIRONMENT_PREFIX = "LIFELINE_";

    /** What to mask a secret with: of fixed length, so that not even that is told. */
    static final String MASK = "***";

    /** The two sentences an option owes its reader. */
    record Words(String meaning, String reason) {}

    static <T> Option<T> option(String key, Kind<T> kind, String fallback) {
        return new Option<>(key, "--" + key.replace('_', '-'), kind, fallback, new Words("", ""), false);
    }

    Option<T> flag(String name) {
        return new Option<>(key, name, kind, fallback, words, secret);
    }

    Option<T> means(String meaning) {
        return new Option<>(key, flag, kind, fallback, new Words(meaning, words.reason()), secret);
    }

    Option<T> because(String reason) {
        return new Option<>(key, flag, kind, fallback, new Words(words.meaning(), reason), secret);
    }

    Option<T> keptSecret() {
        return new Option<>(key, flag, kind, fallback, words, true);
    }

    String environment() {
        return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT);
    }

    /** The flag that turns a switch off: {@code --no-cluster} for {@code --cluster}. */
    String negation() {
        return "--no-" + flag.substring("--".length());
    }

    /** What a user types: the flag and the kind of value it takes; of a switch, the way that changes something. */
    String usage() {
        if (kind.isSwitch()) {
            return "true".equals(fallback) ? negation() : flag;
        }
        return flag + " " + kind.metavar();
    }

    /** A text as it may be shown to anybody, on one line. */
    String shown(String text) {
        return secret
                ? kind.read(text).map(Option::masked).orElse(MASK)
                : text.strip().replaceAll("\\R+", " | ");
    }

    /** What secret values print of themselves is safe; only their containers need unpacking. */
    private static String masked(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Object::toString).orElse("");
        }
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                : value.toString();
    }
}
