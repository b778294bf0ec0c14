package dev.lifeline.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text each option has and where it came from. Texts are read each time they are asked for: it is done once at
 * start, and keeps this map free of types it could not promise.
 */
final class Values {

    /** A text and where it came from. */
    record Given(String text, Origin origin) {}

    private final Map<String, Given> given = new HashMap<>();

    /** Lays what each source says over what the one before said. */
    Values(List<Map<String, Given>> layers) {
        layers.forEach(given::putAll);
    }

    Given given(Option<?> option) {
        return given.getOrDefault(option.key(), new Given(option.fallback(), new Origin.Default()));
    }

    boolean isGiven(Option<?> option) {
        return !given(option).text().isBlank();
    }

    boolean isValid(Option<?> option) {
        return option.kind().read(given(option).text()).isPresent();
    }

    /** The typed value; to be asked only once {@link #isValid} said yes. */
    <T> T get(Option<T> option) {
        return option.kind().read(given(option).text()).orElseThrow();
    }

    String shown(Option<?> option) {
        return option.shown(given(option).text());
    }
}
