package dev.lifeline.gateway.migration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of clients of which something is known, by what they call themselves. To be kept by hand: only what a client's
 * documentation, source or traffic shows belongs here.
 */
enum KnownClients {
    CURSOR("cursor", Rule.REVISION, "Cursor speaks both transports today", "cursor-vscode", "cursor"),
    CLAUDE_CODE("claude-code", Rule.REVISION, "Claude Code speaks both transports today", "claude-code"),
    CLAUDE("claude", Rule.REVISION, "Claude speaks both transports today", "claude-ai"),
    INSPECTOR(
            "inspector",
            Rule.REVISION,
            "The Inspector speaks both transports today",
            "mcp-inspector",
            "inspector-client"),
    VS_CODE(
            "vscode",
            Rule.VERSION_1_100,
            "VS Code speaks both transports from 1.100",
            "visual studio code",
            "visual studio code - insiders"),
    PYTHON_SDK("python-sdk", Rule.REVISION, "The Python SDK has Streamable HTTP from 1.8.0", "mcp"),
    JAVA_SDK(
            "java-sdk",
            Rule.CANNOT_TELL,
            "The Java SDK asks for 2024-11-05 on this transport whatever its version: look which one the program is built"
                    + " with, and whether it has HttpClientStreamableHttpTransport",
            "java sdk mcp client"),
    TOOLMAN(
            "toolman",
            Rule.ALWAYS,
            "Its transport http sends requests without a session, which are served here: set \"transport\": \"http\" and"
                    + " the new URL in its servers configuration",
            "toolman",
            "tools"),
    MCP_REMOTE(
            "mcp-remote",
            Rule.ALWAYS,
            "mcp-remote speaks both transports: change the URL it is given, and take away --transport sse-only");

    /** What the label of a metric says of a client that is not in the table. */
    static final String OTHER = "other";

    private static final String VIA_BRIDGE = " (via mcp-remote";

    private final String label;
    private final Rule rule;
    private final String fact;
    private final List<String> names;

    KnownClients(String label, Rule rule, String fact, String... names) {
        this.label = label;
        this.rule = rule;
        this.fact = fact;
        this.names = List.of(names);
    }

    /** By what the verdict is found. */
    private enum Rule {
        ALWAYS,
        REVISION,
        VERSION_1_100,
        CANNOT_TELL
    }

    static Optional<KnownClients> byName(String client) {
        String name = client.toLowerCase(Locale.ROOT);
        if (name.contains(VIA_BRIDGE)) {
            return Optional.of(MCP_REMOTE);
        }
        return Arrays.stream(values())
                .filter(known -> known.names.contains(name))
                .findFirst();
    }

    /** One of few words, whatever clients call themselves. */
    static String label(String client) {
        return byName(client).map(known -> known.label).orElse(OTHER);
    }

    Advice advice(String version, String revision) {
        return switch (rule) {
            case ALWAYS -> Advice.ready(fact + ".");
            case CANNOT_TELL -> Advice.unknown(fact + ".");
            case REVISION ->
                Advisor.isStreamable(revision)
                        ? Advisor.byRevision(revision)
                        : Advice.update(fact + "; this one asks for " + (revision.isEmpty() ? "no revision" : revision)
                                + ", so it is older than that.");
            case VERSION_1_100 -> byVersion(version, revision);
        };
    }

    private Advice byVersion(String version, String revision) {
        String[] parts = version.split("\\.", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return Advisor.byRevision(revision);
        }
        boolean reached = Integer.parseInt(parts[0]) > 1 || parts[0].equals("1") && Integer.parseInt(parts[1]) >= 100;
        return reached ? Advice.ready(fact + ".") : Advice.update(fact + "; this one is " + version + ".");
    }
}
