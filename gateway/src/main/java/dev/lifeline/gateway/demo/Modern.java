package dev.lifeline.gateway.demo;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Requests that bring everything with them, as from 2026-07-28 on: which they are, whether they hold together. */
final class Modern {

    static final int HEADER_MISMATCH = -32020;
    static final int UNSUPPORTED_REVISION = -32022;

    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String VERSION = PREFIX + "protocolVersion";
    private static final String CAPABILITIES = PREFIX + "clientCapabilities";

    /** How long lists and pages may be kept by whoever asked for them. */
    private static final int FRESH_MILLIS = 10_000;

    private static final Map<String, String> NAMES =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private Modern() {}

    /** Whether it is for these rules to judge. */
    static boolean is(JsonObject message) {
        return Rpc.meta(message).containsKey(VERSION);
    }

    /** What a request fails to say of itself, as the error to answer it with. */
    static Optional<JsonObject> silence(JsonObject message) {
        String missing = !(Rpc.meta(message).getValue(VERSION) instanceof String)
                ? VERSION
                : !(Rpc.meta(message).getValue(CAPABILITIES) instanceof JsonObject) ? CAPABILITIES : "";
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(Rpc.error(message.getValue("id"), Rpc.INVALID_PARAMS, "_meta lacks " + missing));
    }

    /** Whether it speaks another revision than the one of these rules. */
    static Optional<JsonObject> foreign(JsonObject message) {
        String version = Rpc.meta(message).getString(VERSION);
        if (Revisions.MODERN.equals(version)) {
            return Optional.empty();
        }
        JsonObject error = Rpc.error(message.getValue("id"), UNSUPPORTED_REVISION, "unsupported protocol version");
        error.getJsonObject("error")
                .put("data", new JsonObject().put("supported", Revisions.all()).put("requested", version));
        return Optional.of(error);
    }

    /** What headers and body say differently, or headers do not say at all. */
    static Optional<JsonObject> mismatch(JsonObject message, MultiMap headers) {
        String method = message.getString("method");
        Object version = Rpc.meta(message).getValue(VERSION);
        String wrong = !String.valueOf(version).equals(headers.get("MCP-Protocol-Version"))
                ? "MCP-Protocol-Version"
                : !method.equals(headers.get("Mcp-Method"))
                        ? "Mcp-Method"
                        : NAMES.containsKey(method) && !named(message, NAMES.get(method), headers) ? "Mcp-Name" : "";
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(Rpc.error(message.getValue("id"), HEADER_MISMATCH, wrong + " is not what the body says"));
    }

    private static boolean named(JsonObject message, String member, MultiMap headers) {
        String name = headers.get("Mcp-Name");
        return name != null && decoded(name).equals(Rpc.params(message).getValue(member));
    }

    /** Names that are no plain ASCII come as {@code =?base64?…?=}. */
    private static String decoded(String value) {
        if (!value.startsWith("=?base64?") || !value.endsWith("?=")) {
            return value;
        }
        try {
            String inside = value.substring("=?base64?".length(), value.length() - "?=".length());
            return new String(Base64.getDecoder().decode(inside), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return value;
        }
    }

    /** Puts into an answer what this revision wants to find there. */
    static JsonObject dressed(String method, JsonObject answer) {
        if (answer == null || !(answer.getValue("result") instanceof JsonObject result)) {
            return answer;
        }
        result.put("resultType", "complete").put("_meta", new JsonObject().put(PREFIX + "serverInfo", Methods.self()));
        if (!"tools/call".equals(method) && !"completion/complete".equals(method) && !"prompts/get".equals(method)) {
            result.put("ttlMs", FRESH_MILLIS).put("cacheScope", "public");
        }
        return answer;
    }
}
