package dev.lifeline.gateway.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a value may be: how it is read from a text, and what to say when it cannot be. One reading for file,
 * environment and flags, so that a value means the same wherever it stands.
 *
 * @param metavar the placeholder in help, such as {@code DURATION}; empty for a switch
 * @param accepted what a valid value is, range included
 * @param example how one looks, for somebody who wrote something else; empty where that is plain
 * @param separator what stands between the items of a list, which may be a YAML sequence or a flag given twice; empty
 *     for a single value
 * @param reader empty where the text is not valid
 */
record Kind<T>(
        String metavar, String accepted, String example, String separator, Function<String, Optional<T>> reader) {

    private static final Map<String, Boolean> BOOLEANS =
            Map.of("true", true, "yes", true, "on", true, "false", false, "no", false, "off", false);

    Optional<T> read(String text) {
        return reader.apply(text.strip());
    }

    /** What to answer somebody who wrote something else. */
    String expected() {
        return example.isEmpty() ? accepted : accepted + ", like " + example;
    }

    boolean many() {
        return !separator.isEmpty();
    }

    boolean isSwitch() {
        return metavar.isEmpty();
    }

    private static <T> Kind<T> one(String metavar, String accepted, Function<String, Optional<T>> reader) {
        return new Kind<>(metavar, accepted, "", "", reader);
    }

    Kind<T> like(String examples) {
        return new Kind<>(metavar, accepted, examples, separator, reader);
    }

    static Kind<Boolean> onOff() {
        return one("", "true or false", text -> Optional.ofNullable(BOOLEANS.get(text.toLowerCase(Locale.ROOT))));
    }

    /** A whole number of something, both ends included. */
    static Kind<Integer> count(String unit, int least, int most) {
        String accepted = "a whole number" + (unit.isEmpty() ? "" : " of " + unit) + " from " + least + " to " + most;
        return one(
                "NUMBER",
                accepted,
                text -> Optional.of(text)
                        .filter(number -> number.matches("\\d{1,10}"))
                        .map(Long::parseLong)
                        .filter(number -> least <= number && number <= most)
                        .map(Long::intValue));
    }

    static Kind<Duration> duration(String least, String most) {
        Duration shortest = Quantity.duration(least).orElseThrow();
        Duration longest = Quantity.duration(most).orElseThrow();
        return one(
                        "DURATION",
                        "a duration from " + least + " to " + most,
                        text -> Quantity.duration(text)
                                .filter(value -> value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0))
                .like("250ms, 30s, 5m or 2h");
    }

    /** A size that is also the length of something in memory, and thus an int. */
    static Kind<Integer> size(String least, String most) {
        long smallest = Quantity.bytes(least).orElseThrow();
        int largest = Math.toIntExact(Quantity.bytes(most).orElseThrow());
        return one(
                        "SIZE",
                        "a size from " + least + " to " + most,
                        text -> Quantity.bytes(text)
                                .filter(value -> smallest <= value && value <= largest)
                                .map(Long::intValue))
                .like("65536, 512KiB or 4MiB");
    }

    /** One of the constants of an enum, which print themselves as the user writes them. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        String names = constants.stream().map(Object::toString).collect(Collectors.joining("|"));
        return one(
                names,
                "one of " + names.replace("|", ", "),
                text -> constants.stream()
                        .filter(each -> each.toString().equals(text))
                        .findFirst());
    }

    /** A text that matches a pattern as a whole. */
    static Kind<String> text(String metavar, String accepted, String pattern) {
        return one(metavar, accepted, text -> Optional.of(text).filter(value -> value.matches(pattern)));
    }

    <U> Kind<U> as(Function<T, U> type) {
        return new Kind<>(
                metavar,
                accepted,
                example,
                separator,
                text -> reader.apply(text).map(type));
    }

    /** The same, or nothing at all, which is written as the empty text. */
    Kind<Optional<T>> orNothing() {
        return new Kind<>(
                metavar,
                accepted,
                example,
                separator,
                text -> text.isEmpty()
                        ? Optional.of(Optional.empty())
                        : reader.apply(text).map(Optional::of));
    }

    /** Any number of these, separated by commas; the empty text is the empty list. */
    Kind<List<T>> list() {
        return new Kind<>(
                metavar + ",...",
                "a list of which each is " + accepted,
                example,
                ",",
                text -> readAll(text.isEmpty() ? Stream.empty() : Arrays.stream(text.split(",", -1))));
    }

    /** Any number of these, a line each: for values in which commas are nothing special. */
    Kind<List<T>> eachOnItsLine() {
        return new Kind<>(
                metavar,
                "any number, a line each, of " + accepted,
                example,
                "\n",
                text -> readAll(text.lines().filter(line -> !line.isBlank())));
    }

    private Optional<List<T>> readAll(Stream<String> texts) {
        List<Optional<T>> items = texts.map(this::read).toList();
        return items.stream().allMatch(Optional::isPresent)
                ? Optional.of(items.stream().map(Optional::orElseThrow).toList())
                : Optional.empty();
    }
}
