package dev.lifeline.gateway.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit, as people write them: {@code 250ms}, {@code 4MiB}. Knows no ranges; {@link Kind} does. */
final class Quantity {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})([A-Za-z]*)");

    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private Quantity() {}

    /** Reads a duration; only zero may go without a unit, as 30 of what would be a guess. */
    static Optional<Duration> duration(String text) {
        return "0".equals(text)
                ? Optional.of(Duration.ZERO)
                : scaled(text, MILLIS).map(Duration::ofMillis);
    }

    static Optional<Long> bytes(String text) {
        return scaled(text, BYTES);
    }

    private static Optional<Long> scaled(String text, Map<String, Long> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        BigInteger product = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(units.get(matcher.group(2))));
        return product.bitLength() < Long.SIZE ? Optional.of(product.longValue()) : Optional.empty();
    }
}
