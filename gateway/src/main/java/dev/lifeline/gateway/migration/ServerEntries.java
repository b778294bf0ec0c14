package dev.lifeline.gateway.migration;

import dev.lifeline.gateway.migration.Finding.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at the servers of a configuration, one by one. */
record ServerEntries(ClientStyle style, Optional<String> gateway) {

    private static final Set<String> STREAMABLE_WORDS =
            Set.of("http", "streamable-http", "streamablehttp", "streamable_http", "http-stream");
    private static final Map<String, String> BRIDGE_WORDS = Map.of("sse-only", "http-only", "sse-first", "http-first");
    private static final List<String> URL_KEYS = List.of("url", "serverUrl");
    private static final List<String> TYPE_KEYS = List.of("type", "transport");

    Finding look(String name, JsonNode entry) {
        // Some have what belongs to the connection in an object of its own.
        JsonNode server = entry.member("transport")
                .filter(transport -> !transport.members().isEmpty())
                .orElse(entry);
        if (server.member("command").isPresent()) {
            return command(name, server);
        }
        Optional<String> key =
                URL_KEYS.stream().filter(it -> server.says(it).isPresent()).findFirst();
        return key.map(it -> remote(name, server, it))
                .orElseGet(() -> Finding.unclear(name, "it has neither a command nor a URL"));
    }

    private Finding remote(String name, JsonNode server, String urlKey) {
        Optional<String> typeKey =
                TYPE_KEYS.stream().filter(it -> server.says(it).isPresent()).findFirst();
        EndpointUrl url = new EndpointUrl(server.says(urlKey).orElseThrow());
        if (!url.isAt(gateway)) {
            return Finding.leftAlone(name, "it is not at " + gateway.orElseThrow());
        }
        String type = typeKey.flatMap(server::says).orElse("").toLowerCase(Locale.ROOT);
        if (STREAMABLE_WORDS.contains(type)) {
            return url.isLegacy()
                    ? Finding.unclear(name, "its type says Streamable HTTP and its URL is one of the old transport")
                    : Finding.leftAlone(name, "it uses Streamable HTTP already");
        }
        if (!type.isEmpty() && !type.equals("sse")) {
            return Finding.unclear(name, "its type " + type + " is unknown here");
        }
        return legacy(name, server, urlKey, type.isEmpty() ? Optional.empty() : typeKey);
    }

    private Finding legacy(String name, JsonNode server, String urlKey, Optional<String> typeKey) {
        EndpointUrl url = new EndpointUrl(server.says(urlKey).orElseThrow());
        if (url.isLegacy()) {
            List<Edit> edits = new ArrayList<>();
            edits.add(Edit.of(urlKey, server.members().get(urlKey), url.successor()));
            typeKey.ifPresent(key -> edits.add(Edit.of(key, server.members().get(key), style.streamable())));
            return Finding.changed(name, edits);
        }
        if (url.isStreamable()) {
            return typeKey.isEmpty()
                    ? Finding.leftAlone(name, "it uses Streamable HTTP already")
                    : Finding.unclear(name, "its type says sse and its URL is one of Streamable HTTP");
        }
        return Finding.unclear(
                name,
                url.isBeneathStreamable()
                        ? "its URL ends in /mcp/sse: ask whoever runs the server which its Streamable one is"
                        : "its URL does not end in /sse: ask whoever runs the server for the Streamable one");
    }

    /** A process of the client's own; one that is a bridge to a legacy endpoint is told to speak Streamable HTTP. */
    private Finding command(String name, JsonNode server) {
        List<JsonNode> arguments = server.member("args").map(JsonNode::items).orElse(List.of()).stream()
                .filter(argument -> argument.text() != null)
                .toList();
        List<JsonNode> legacy = arguments.stream()
                .filter(argument -> argument.text().matches("(?i)https?://.*"))
                .filter(argument -> new EndpointUrl(argument.text()).isLegacy())
                .toList();
        if (legacy.isEmpty()) {
            return Finding.leftAlone(name, "it is a command of its own (stdio)");
        }
        if (!legacy.stream().allMatch(argument -> new EndpointUrl(argument.text()).isAt(gateway))) {
            return Finding.leftAlone(name, "it is a command for a server that is not at " + gateway.orElse(""));
        }
        boolean bridge = arguments.stream().anyMatch(argument -> argument.text().matches("(.*/)?mcp-remote(@.*)?"));
        return bridge
                ? Finding.changed(name, bridged(arguments))
                : Finding.unclear(name, "it is a command that is given a URL of the old transport");
    }

    private static List<Edit> bridged(List<JsonNode> arguments) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            JsonNode argument = arguments.get(i);
            EndpointUrl url = new EndpointUrl(argument.text());
            if (argument.text().matches("(?i)https?://.*") && url.isLegacy()) {
                edits.add(Edit.of("args", argument, url.successor()));
            } else if (i > 0
                    && arguments.get(i - 1).text().equals("--transport")
                    && BRIDGE_WORDS.containsKey(argument.text())) {
                edits.add(Edit.of("args", argument, BRIDGE_WORDS.get(argument.text())));
            }
        }
        return edits;
    }
}
