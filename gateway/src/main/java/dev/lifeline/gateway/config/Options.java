package dev.lifeline.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of all options, in the order people read them. */
final class Options {

    /** Some rows of the table under a common title. */
    record Group(String title, List<Option<?>> options) {}

    static final List<Group> GROUPS = List.of(
            new Group("HTTP", HttpOptions.ALL),
            new Group("Streams", StreamOptions.ALL),
            new Group("Buffer", BufferOptions.ALL),
            new Group("Limits", LimitOptions.ALL),
            new Group("MCP upstreams", UpstreamOptions.ALL),
            new Group("MCP clients", McpOptions.ALL),
            new Group("Feeds", FeedOptions.ALL),
            new Group("Redis", RedisOptions.ALL),
            new Group("Cluster", ClusterOptions.ALL),
            new Group("Authentication", AuthOptions.ALL),
            new Group("Operations", OperationOptions.ALL));

    static final List<Option<?>> ALL =
            GROUPS.stream().flatMap(group -> group.options().stream()).toList();

    private static final Map<String, Option<?>> BY_KEY = by(Option::key);
    private static final Map<String, Option<?>> BY_FLAG = by(Option::flag);
    private static final Map<String, Option<?>> BY_ENVIRONMENT = by(Option::environment);

    private Options() {}

    private static Map<String, Option<?>> by(Function<Option<?>, String> name) {
        return ALL.stream().collect(Collectors.toUnmodifiableMap(name, option -> option));
    }

    static Optional<Option<?>> byKey(String key) {
        return Optional.ofNullable(BY_KEY.get(key));
    }

    static Optional<Option<?>> byFlag(String flag) {
        return Optional.ofNullable(BY_FLAG.get(flag));
    }

    static Optional<Option<?>> byEnvironment(String variable) {
        return Optional.ofNullable(BY_ENVIRONMENT.get(variable));
    }

    /** Every way to write an option, each with the right name for one place: a flag's name in a file is a good guess. */
    static Map<String, String> spellings(Function<Option<?>, String> place) {
        Map<String, String> names = new TreeMap<>();
        for (Option<?> option : ALL) {
            names.put(option.key(), place.apply(option));
            names.put(option.flag(), place.apply(option));
        }
        return names;
    }
}
