package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.time.Duration;
import java.util.List;

/** The part of the table about the MCP servers behind us. */
final class UpstreamOptions {

    static final Option<List<UpstreamUrl>> UPSTREAM = option("upstream", Kinds.UPSTREAM.list(), "")
            .keptSecret()
            .means("MCP servers behind the gateway. A path that ends in /sse speaks the old transport, any other "
                    + "Streamable HTTP. The first one is served at /mcp and /sse, and each, under its name, at "
                    + "/NAME/mcp and /NAME/sse. Percent-encode a comma.")
            .because("Without any, and without stdio, a small server for trying things is inside, named demo.");

    static final Option<List<UpstreamCommand>> STDIO = option("stdio", Kinds.COMMAND.eachOnItsLine(), "")
            .means("MCP servers that are commands, one process for each session; they come after those of upstream. "
                    + "No shell reads the command; quotes keep words together. Secrets belong into the environment.")
            .because("Most servers are reached over a network, or are to be.");

    static final Option<List<UpstreamHeader>> UPSTREAM_HEADERS = option(
                    "upstream_headers", Kinds.UPSTREAM_HEADER.eachOnItsLine(), "")
            .keptSecret()
            .means("Headers to send to an upstream, such as the token it asks for; without a name, to the only one.")
            .because(
                    "What a client sends to prove itself here is never passed on; a server that wants proof gets ours.");

    static final Option<Duration> UPSTREAM_TIMEOUT = option("upstream_timeout", Kind.duration("10ms", "5m"), "5s")
            .means("How long connecting to an upstream may take.")
            .because("A server that is there accepts within milliseconds; answers may take as long as they like.");

    static final Option<Duration> UPSTREAM_IDLE_TIMEOUT = option(
                    "upstream_idle_timeout", Kind.duration("0s", "24h"), "90s")
            .means(
                    "How long the standing stream of an upstream may be silent before it is made anew; 0 means for ever.")
            .because(
                    "Common servers send a comment every 15 or 30 s; after three missed ones the link is likely dead.");

    static final Option<Duration> UPSTREAM_PATIENCE = option("upstream_patience", Kind.duration("0s", "10m"), "30s")
            .means("How long a request waits for an upstream that is away and has certainly not got it.")
            .because("A restart goes unnoticed, and clients commonly give up only after 60 s.");

    static final Option<Duration> UPSTREAM_RETRY_INITIAL = option(
                    "upstream_retry_initial", Kind.duration("10ms", "1h"), "1s")
            .means("Wait before the first reconnect to an upstream; each later one waits longer, with jitter.")
            .because("Long enough for a proxy to notice, short enough that nobody else does.");

    static final Option<Duration> UPSTREAM_RETRY_MAX = option("upstream_retry_max", Kind.duration("10ms", "24h"), "30s")
            .means("Longest wait between two reconnects. At least upstream_retry_initial.")
            .because("An upstream that is back is found within half a minute.");

    static final Option<Integer> UPSTREAM_RETRY_TRIES = option(
                    "upstream_retry_tries", Kind.count("tries", 1, 1_000_000), "10")
            .means("Reconnects that may fail in a row before the link is given up; the next request begins a new one.")
            .because("About three minutes: longer than a restart, and no session asks a dead server for ever.");

    static final Option<Integer> MAX_UPSTREAM_MESSAGE = option(
                    "max_upstream_message", Kind.size("1KiB", "1GiB"), "4MiB")
            .means("Largest message taken from an upstream; a request with a larger answer ends with an error.")
            .because("As much as buffer_bytes keeps: what cannot be kept could not be replayed.");

    static final Option<Integer> STDIO_MAX_PROCESSES = option(
                    "stdio_max_processes", Kind.count("processes", 1, 100_000), "100")
            .means("Processes of stdio servers on this node; beyond, new sessions of theirs are refused.")
            .because("A server on Node or Python takes about 50 MiB, so that these fit into a common machine.");

    static final List<Option<?>> ALL = List.of(
            UPSTREAM,
            STDIO,
            UPSTREAM_HEADERS,
            UPSTREAM_TIMEOUT,
            UPSTREAM_IDLE_TIMEOUT,
            UPSTREAM_PATIENCE,
            UPSTREAM_RETRY_INITIAL,
            UPSTREAM_RETRY_MAX,
            UPSTREAM_RETRY_TRIES,
            MAX_UPSTREAM_MESSAGE,
            STDIO_MAX_PROCESSES);

    private UpstreamOptions() {}
}
