package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.UpstreamOptions.MAX_UPSTREAM_MESSAGE;
import static dev.lifeline.gateway.config.UpstreamOptions.STDIO;
import static dev.lifeline.gateway.config.UpstreamOptions.UPSTREAM;
import static dev.lifeline.gateway.config.UpstreamOptions.UPSTREAM_HEADERS;
import static dev.lifeline.gateway.config.UpstreamOptions.UPSTREAM_RETRY_INITIAL;
import static dev.lifeline.gateway.config.UpstreamOptions.UPSTREAM_RETRY_MAX;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the options about MCP owe each other. */
final class McpRules {

    /** First words of our own paths, which a name would shadow. */
    private static final Set<String> OUR_WORDS = new TreeSet<>(Set.of(
            "api",
            "client",
            "dashboard",
            "events",
            "health",
            "mcp",
            "message",
            "messages",
            "metrics",
            "sessions",
            "sse"));

    static final List<Rule> LAWS = List.of(
            Rule.that("names of upstreams must differ; without one the name is default")
                    .about(UPSTREAM, STDIO)
                    .holds(v -> names(v).distinct().count() == names(v).count()),
            Rule.that("no upstream may be named after a path of ours: " + String.join(", ", OUR_WORDS))
                    .about(UPSTREAM, STDIO)
                    .holds(v -> names(v).noneMatch(OUR_WORDS::contains)),
            Rule.that("upstream_headers must name one of upstream each, unless there is exactly one")
                    .about(UPSTREAM_HEADERS, UPSTREAM)
                    .holds(McpRules::everyHeaderHasItsUpstream),
            Rule.that(
                            "upstream_headers must not be headers the transport needs for itself, as Accept or Mcp-Session-Id")
                    .about(UPSTREAM_HEADERS)
                    .holds(v -> v.get(UPSTREAM_HEADERS).stream().noneMatch(UpstreamHeader::isOursToSay)),
            Rule.that("upstream_retry_max must be at least upstream_retry_initial")
                    .about(UPSTREAM_RETRY_MAX, UPSTREAM_RETRY_INITIAL)
                    .holds(v -> v.get(UPSTREAM_RETRY_MAX).compareTo(v.get(UPSTREAM_RETRY_INITIAL)) >= 0));

    static final List<Rule> ADVICE = List.of(
            Rule.that("upstream_headers travel in the clear: everybody on the way to an http:// upstream can read them")
                    .about(UPSTREAM_HEADERS, UPSTREAM)
                    .holds(v -> v.get(UPSTREAM).stream()
                            .filter(UpstreamUrl::inTheClear)
                            .noneMatch(
                                    url -> v.get(UPSTREAM_HEADERS).stream().anyMatch(each -> each.isFor(url.name())))),
            Rule.that("messages of upstreams larger than buffer_bytes cannot be replayed to a client that lost them")
                    .about(MAX_UPSTREAM_MESSAGE, BufferOptions.BUFFER_BYTES)
                    .holds(v -> v.get(MAX_UPSTREAM_MESSAGE) <= v.get(BufferOptions.BUFFER_BYTES)),
            Rule.that("legacy_sunset and legacy_successor are told to nobody: legacy_deprecation is false")
                    .about(McpOptions.LEGACY_DEPRECATION, McpOptions.LEGACY_SUNSET, McpOptions.LEGACY_SUCCESSOR)
                    .holds(v -> v.get(McpOptions.LEGACY_DEPRECATION)
                            || !v.isGiven(McpOptions.LEGACY_SUNSET) && !v.isGiven(McpOptions.LEGACY_SUCCESSOR)));

    private McpRules() {}

    private static Stream<String> names(Values values) {
        return Stream.concat(
                values.get(UPSTREAM).stream().map(UpstreamUrl::name),
                values.get(STDIO).stream().map(UpstreamCommand::name));
    }

    private static boolean everyHeaderHasItsUpstream(Values values) {
        List<String> names =
                values.get(UPSTREAM).stream().map(UpstreamUrl::name).toList();
        return values.get(UPSTREAM_HEADERS).stream()
                .allMatch(header -> header.upstream().map(names::contains).orElse(names.size() == 1));
    }
}
