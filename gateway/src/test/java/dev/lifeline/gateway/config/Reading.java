package dev.lifeline.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the tests of this package do all the time: read, and look at what came of it. */
final class Reading {

    private Reading() {}

    static ConfigResult.Ready ready(Map<String, String> environment, String... args) {
        ConfigResult result = ConfigReader.read(Arrays.asList(args), environment);
        assertThat(result).isInstanceOf(ConfigResult.Ready.class);
        return (ConfigResult.Ready) result;
    }

    static GatewayConfig config(String... args) {
        return ready(Map.of(), args).config();
    }

    static List<String> warnings(String... args) {
        return ready(Map.of(), args).warnings();
    }

    static List<String> problems(Map<String, String> environment, String... args) {
        ConfigProblems refused =
                catchThrowableOfType(ConfigProblems.class, () -> ConfigReader.read(Arrays.asList(args), environment));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.getMessage()).contains(refused.problems().get(0).what());
        return refused.problems().stream().map(Problem::toString).toList();
    }

    static List<String> problems(String... args) {
        return problems(Map.of(), args);
    }
}
