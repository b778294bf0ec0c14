package dev.lifeline.gateway.mcp;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the MCP doors go by.
 *
 * @param externalPrefix what stands before our paths where clients see them, such as {@code /gw}; empty for nothing
 * @param sessionless whether requests without a session are served at the Streamable door
 * @param quietClients names, in lower case, of clients that get answers and nothing else
 * @param replies how POSTs are answered
 * @param legacy whether there is a legacy door
 * @param deprecation what users of the legacy door are told
 */
public record McpSettings(
        String externalPrefix,
        boolean sessionless,
        Set<String> quietClients,
        Replies replies,
        boolean legacy,
        Deprecation deprecation) {

    /** As it should be where nobody said anything. */
    public static final McpSettings DEFAULT =
            new McpSettings("", true, Set.of("toolman", "tools"), Replies.DEFAULT, true, Deprecation.SILENT);

    /**
     * How POSTs are answered.
     *
     * @param window for how long an answer may take to be one piece of JSON; after it a stream begins
     * @param longestStream after which a client that can is told to ask for its answer later; zero for never
     * @param longestWait the most that {@code Prefer: wait} gets
     * @param heartbeat how long an answer may be silent
     */
    public record Replies(Duration window, Duration longestStream, Duration longestWait, Duration heartbeat) {

        public static final Replies DEFAULT =
                new Replies(Duration.ofMillis(20), Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    /**
     * What users of the legacy door are told.
     *
     * @param told whether its answers say that it is deprecated
     * @param sunset when it will be gone
     * @param successor where to go instead, if not to the Streamable door beside it
     * @param warnEvery how often each client's name is put into the log, or zero for never
     */
    public record Deprecation(boolean told, Optional<Instant> sunset, Optional<String> successor, Duration warnEvery) {

        /** Nothing. */
        public static final Deprecation SILENT =
                new Deprecation(false, Optional.empty(), Optional.empty(), Duration.ZERO);
    }

    boolean isQuiet(String client) {
        return client != null && quietClients.contains(client.toLowerCase(Locale.ROOT));
    }
}
