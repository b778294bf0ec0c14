package dev.lifeline.gateway.config;

import java.util.stream.Collectors;

/** The text of {@code --help}, from the table of options. */
public final class Help {

    private static final String HEAD = """
            Usage: lifeline [serve] [options]

            An SSE gateway that does not let go. Without options: 127.0.0.1:8080, events kept in memory.
            Each option is also a key of the file (--config FILE) and a variable of the environment:
            --heartbeat-interval 30s, heartbeat_interval: 30s, LIFELINE_HEARTBEAT_INTERVAL=30s.
            Flags win over the environment, the environment over the file.
            """;

    private Help() {}

    public static String text() {
        return Options.GROUPS.stream().map(Help::group).collect(Collectors.joining("", HEAD, ""));
    }

    private static String group(Options.Group group) {
        return group.options().stream()
                .map(Help::entry)
                .collect(Collectors.joining("", "\n" + group.title() + "\n", ""));
    }

    private static String entry(Option<?> option) {
        String usage = option.kind().isSwitch() ? option.flag() + ", " + option.negation() : option.usage();
        String fallback = option.fallback().isEmpty() ? "" : " Default " + option.fallback() + ".";
        return "  " + usage + "\n" + Wrapped.text(option.words().meaning() + fallback, "      ");
    }
}
