package dev.lifeline.gateway.config;

import java.util.List;

/** What the command line, the environment and the file came to. */
public sealed interface ConfigResult {

    /**
     * A configuration that can be started.
     *
     * @param config the typed values
     * @param effective the same as texts, for people
     * @param warnings what works but is hardly meant so; to be logged once logging runs
     */
    record Ready(GatewayConfig config, Effective effective, List<String> warnings) implements ConfigResult {}

    /** Somebody asked for help; nothing else was looked at. */
    record HelpWanted(String text) implements ConfigResult {}
}
