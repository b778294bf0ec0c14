package dev.lifeline.gateway.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.rpc.TraceContext;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The headers of the modern revision: they repeat what the body says, so that those on the way need not read it, and
 * whoever reads it has to refuse what differs.
 */
final class ModernHeaders {

    private static final Set<String> NAMED = Set.of("tools/call", "prompts/get", "resources/read");
    private static final Set<String> FORWARDED = Set.of("accept", "content-type", "user-agent", "accept-language");
    private static final Set<String> RETURNED =
            Set.of("content-type", "cache-control", "retry-after", "content-encoding", "vary", "allow");
    private static final String OF_MCP = "mcp-";
    private static final String BASE64 = "=?base64?";
    private static final String BASE64_END = "?=";

    private ModernHeaders() {}

    /** Fails with what is wrong, if anything is. */
    static void check(HttpServerRequest request, Message message) {
        String version = McpHeaders.value(request, McpHeaders.VERSION);
        require(version != null, McpHeaders.VERSION + " is missing", message);
        if (!message.isRequest()) {
            return;
        }
        String said = message.details().modernVersion();
        if (said == null) {
            throw Refusal.of(400, RpcError.INVALID_PARAMS, "_meta names no protocol version")
                    .to(message.id());
        }
        require(said.equals(version), McpHeaders.VERSION + " is not what the body says", message);
        String method = McpHeaders.value(request, McpHeaders.METHOD);
        require(message.method().equals(method), McpHeaders.METHOD + " is not what the body says", message);
        if (NAMED.contains(message.method()) && message.details().name() != null) {
            String name = plain(McpHeaders.value(request, McpHeaders.NAME));
            require(message.details().name().equals(name), McpHeaders.NAME + " is not what the body says", message);
        }
    }

    private static void require(boolean holds, String what, Message message) {
        if (!holds) {
            throw Refusal.of(400, RpcError.HEADER_MISMATCH, "Header mismatch: " + what)
                    .to(message.id());
        }
    }

    /** A name that a header could not carry comes wrapped. */
    private static String plain(String header) {
        if (header == null || !header.startsWith(BASE64) || !header.endsWith(BASE64_END)) {
            return header;
        }
        try {
            String wrapped = header.substring(BASE64.length(), header.length() - BASE64_END.length());
            return new String(Base64.getDecoder().decode(wrapped), UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** What goes on to the upstream: what it is asked, never who asks. */
    static MultiMap forwarded(HttpServerRequest request, TraceContext trace) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean ofMcp = name.startsWith(OF_MCP) && !name.equalsIgnoreCase(McpHeaders.SESSION);
            if (ofMcp || FORWARDED.contains(name)) {
                headers.add(header.getKey(), header.getValue());
            }
        }
        trace.forEach(headers::set);
        return headers;
    }

    /** What comes back to the client. */
    static void giveBack(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(OF_MCP) || RETURNED.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
