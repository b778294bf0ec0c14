package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** JSON-RPC messages: made, and told apart. */
final class Rpc {

    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;

    private Rpc() {}

    static JsonObject result(Object id, JsonObject result) {
        return message().put("id", id).put("result", result);
    }

    static JsonObject error(Object id, int code, String text) {
        return message()
                .put("id", id)
                .put("error", new JsonObject().put("code", code).put("message", text));
    }

    static JsonObject request(String id, String method, JsonObject params) {
        return message().put("id", id).put("method", method).put("params", params);
    }

    static JsonObject notification(String method, JsonObject params) {
        JsonObject message = message().put("method", method);
        return params.isEmpty() ? message : message.put("params", params);
    }

    private static JsonObject message() {
        return new JsonObject().put("jsonrpc", "2.0");
    }

    static boolean isRequest(JsonObject message) {
        return message.containsKey("id") && message.containsKey("method");
    }

    /** Empty for what is well formed, and else what is wrong with it. */
    static Optional<RpcError> fault(JsonObject message) {
        boolean named = message.getValue("method") instanceof String;
        boolean answers = !message.containsKey("method")
                && message.containsKey("id")
                && (message.containsKey("result") || message.containsKey("error"));
        Object id = message.getValue("id");
        boolean identified = !message.containsKey("id") || id instanceof String || id instanceof Number;
        boolean plain = message.getValue("params", new JsonObject()) instanceof JsonObject;
        return "2.0".equals(message.getValue("jsonrpc")) && (named || answers) && identified && plain
                ? Optional.empty()
                : Optional.of(refusal(INVALID_REQUEST, "not a JSON-RPC message of MCP"));
    }

    static JsonObject params(JsonObject message) {
        return message.getJsonObject("params", new JsonObject());
    }

    static JsonObject meta(JsonObject message) {
        return params(message).getValue("_meta") instanceof JsonObject meta ? meta : new JsonObject();
    }

    static RpcError refusal(int code, String text) {
        return new RpcError(code, text, null);
    }
}
