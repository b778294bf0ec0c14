package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The part of the table about MCP clients: their sessions, their answers, and the old transport. */
final class McpOptions {

    static final Option<Duration> SESSION_RETENTION = option("session_retention", Kind.duration("1s", "720h"), "30m")
            .means("How long a session lives without an open stream and without requests.")
            .because("Covers a laptop lid and a long lunch; with an open stream a session lives as long as that.");

    static final Option<Duration> SESSION_REQUEST_TIMEOUT = option(
                    "session_request_timeout", Kind.duration("0s", "720h"), "0s")
            .means("End a session in which no request came for so long, open stream or not; 0 means never.")
            .because("A client may listen for a day and say nothing; set it against clients that leak streams.");

    static final Option<Integer> MAX_SESSIONS = option("max_sessions", Kind.count("sessions", 1, 10_000_000), "100000")
            .means("Sessions in all; beyond, new ones are answered 503 and those there are left alone.")
            .because("A session is a few KiB of record; this bounds what clients that never say goodbye leave.");

    static final Option<Duration> JSON_ANSWER_WINDOW = option("json_answer_window", Kind.duration("0s", "10s"), "20ms")
            .means("How soon an answer on /mcp must be there to leave as plain JSON; later ones leave as an event "
                    + "stream that can be resumed. For clients that take both.")
            .because("Quick tools answer within it and JSON is cheaper; nobody notices a wait of that length.");

    static final Option<Duration> POST_STREAM_MAX = option("post_stream_max", Kind.duration("0s", "24h"), "0s")
            .means("Close the stream of a request that is still being answered after so long, and let the client "
                    + "come back for the rest; 0 means never. Only for clients known to come back.")
            .because("Heartbeats keep streams open; set it below the limit of a proxy that cuts them all the same.");

    static final Option<List<String>> QUIET_CLIENTS = option("quiet_clients", Kinds.LISTED_TEXT.list(), "toolman,tools")
            .means("Names of clients that get nothing but answers on the old transport: no notifications, no "
                    + "requests of the server.")
            .because("Toolman, under both its names, takes the next message for its answer, whatever it is.");

    static final Option<Duration> QUIET_REQUEST_TIMEOUT = option(
                    "quiet_request_timeout", Kind.duration("0s", "720h"), "10m")
            .means("The session_request_timeout of those clients; 0 means never.")
            .because("Toolman opens a stream for each call and leaves it open; its calls take two minutes at most.");

    static final Option<Integer> MAX_JSON_DEPTH = option("max_json_depth", Kind.count("levels", 8, 1000), "64")
            .means("How deep JSON of a message may be nested; deeper is refused.")
            .because("No sensible call comes near it, and a deep one is an attack on whoever parses it.");

    static final Option<Optional<String>> EXTERNAL_PREFIX = option("external_prefix", Kinds.PATH_PREFIX.orNothing(), "")
            .means("Path under which a proxy publishes the gateway, where the proxy takes it away on the way in.")
            .because("Clients of the old transport are told a path to post to; without a proxy it is our own.");

    static final Option<Boolean> LEGACY = option("legacy", Kind.onOff(), "true")
            .means("Serve the old transport, /sse and /messages; off, they answer 410 and name the new endpoint.")
            .because("Most clients still have it configured; turn it off when /api/migration names nobody any more.");

    static final Option<Boolean> LEGACY_DEPRECATION = option("legacy_deprecation", Kind.onOff(), "true")
            .means("Tell clients of the old transport, in headers and in the log, that it is deprecated.")
            .because("The protocol has deprecated it; headers reach those who look and disturb nobody.");

    static final Option<Optional<LocalDate>> LEGACY_SUNSET = option("legacy_sunset", Kinds.DATE.orNothing(), "")
            .means("Day on which the old transport will be gone here, told in the Sunset header.")
            .because("Only you know, and a date nobody means is worse than none.");

    static final Option<Optional<URI>> LEGACY_SUCCESSOR = option("legacy_successor", Kinds.LINK.orNothing(), "")
            .means("Where clients of the old transport are pointed to; empty means the /mcp beside it.")
            .because("The successor is here already; set it to a page of yours that explains the move.");

    static final List<Option<?>> ALL = List.of(
            SESSION_RETENTION,
            SESSION_REQUEST_TIMEOUT,
            MAX_SESSIONS,
            JSON_ANSWER_WINDOW,
            POST_STREAM_MAX,
            QUIET_CLIENTS,
            QUIET_REQUEST_TIMEOUT,
            MAX_JSON_DEPTH,
            EXTERNAL_PREFIX,
            LEGACY,
            LEGACY_DEPRECATION,
            LEGACY_SUNSET,
            LEGACY_SUCCESSOR);

    private McpOptions() {}
}
