package dev.lifeline.gateway.fake;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What a {@link FakeMcpServer} can do in one session, by whatever transport it is reached. All tools take {@code key}:
 * under it the server counts how often they ran.
 *
 * <ul>
 *   <li>{@code echo {text}} gives the text back.
 *   <li>{@code slow {steps, millis}} tells progress at each step if it was asked to, then answers.
 *   <li>{@code ask {text}} asks the client ({@code sampling/createMessage}) and gives back what the client said.
 *   <li>{@code large {bytes}} answers so much text.
 *   <li>{@code announce {count}} sends so many {@code notifications/message} that belong to no request, then answers.
 *   <li>{@code die} ends the process, or the connection.
 * </ul>
 */
final class FakeMcpServerTools {

    /** How a session reaches its client. */
    interface Wire {

        /** Something that belongs to the request at hand: progress, a question. */
        void related(JsonObject message);

        /** The answer to it. */
        void answer(JsonObject message);

        /** Something that belongs to no request. */
        void push(JsonObject message);

        void later(long millis, Runnable what);

        /** The server meets its end. */
        void die();
    }

    private final Consumer<String> executed;
    private final Map<String, Consumer<JsonObject>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();

    FakeMcpServerTools(Consumer<String> executed) {
        this.executed = executed;
    }

    /** Takes one message of the client's. */
    void take(JsonObject message, Wire wire) {
        String method = message.getString("method");
        if (method == null) {
            Consumer<JsonObject> waiting = asked.remove(String.valueOf(message.getValue("id")));
            if (waiting != null) {
                waiting.accept(message);
            }
        } else if (message.containsKey("id")) {
            request(message, method, wire);
        }
    }

    private void request(JsonObject message, String method, Wire wire) {
        JsonObject params = message.getJsonObject("params", new JsonObject());
        switch (method) {
            case "initialize" -> wire.answer(result(message, welcome(params)));
            case "tools/list" -> wire.answer(result(message, tools()));
            case "tools/call" -> call(message, params, wire);
            case "ping", "logging/setLevel" -> wire.answer(result(message, new JsonObject()));
            default -> wire.answer(error(message, -32601, "no method " + method));
        }
    }

    private void call(JsonObject message, JsonObject params, Wire wire) {
        JsonObject arguments = params.getJsonObject("arguments", new JsonObject());
        if (arguments.containsKey("key")) {
            executed.accept(arguments.getString("key"));
        }
        switch (params.getString("name", "")) {
            case "echo" -> wire.answer(text(message, arguments.getString("text", "")));
            case "large" -> wire.answer(text(message, "x".repeat(arguments.getInteger("bytes", 1 << 20))));
            case "slow" -> step(message, params, 1, wire);
            case "ask" -> ask(message, arguments.getString("text", ""), wire);
            case "announce" -> announce(message, arguments.getInteger("count", 1), wire);
            case "die" -> wire.die();
            default -> wire.answer(error(message, -32602, "no such tool"));
        }
    }

    private static void step(JsonObject message, JsonObject params, int step, Wire wire) {
        JsonObject arguments = params.getJsonObject("arguments", new JsonObject());
        int steps = arguments.getInteger("steps", 3);
        wire.later(arguments.getLong("millis", 20L), () -> {
            Object token = params.getJsonObject("_meta", new JsonObject()).getValue("progressToken");
            if (token != null) {
                wire.related(notification(
                        "notifications/progress",
                        new JsonObject()
                                .put("progressToken", token)
                                .put("progress", step)
                                .put("total", steps)));
            }
            if (step < steps) {
                step(message, params, step + 1, wire);
            } else {
                wire.answer(text(message, "done after " + steps));
            }
        });
    }

    private void ask(JsonObject message, String text, Wire wire) {
        String id = "ask-" + questions.incrementAndGet();
        asked.put(
                id,
                said -> wire.answer(text(
                        message,
                        said.getJsonObject("result", new JsonObject().put("error", said.getValue("error")))
                                .encode())));
        wire.related(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", "sampling/createMessage")
                .put("params", new JsonObject().put("text", text)));
    }

    private static void announce(JsonObject message, int count, Wire wire) {
        for (int i = 1; i <= count; i++) {
            wire.push(notification("notifications/message", new JsonObject().put("data", i)));
        }
        wire.answer(text(message, "announced " + count));
    }

    private static JsonObject welcome(JsonObject params) {
        return new JsonObject()
                .put("protocolVersion", params.getString("protocolVersion", "2025-11-25"))
                .put("capabilities", new JsonObject().put("tools", new JsonObject()))
                .put("serverInfo", new JsonObject().put("name", "fake").put("version", "1"));
    }

    private static JsonObject tools() {
        JsonArray all = new JsonArray();
        for (String name : new String[] {"echo", "slow", "ask", "large", "announce", "die"}) {
            all.add(new JsonObject()
                    .put("name", name)
                    .put("inputSchema", new JsonObject().put("type", "object"))
                    .put("annotations", new JsonObject().put("readOnlyHint", name.equals("echo"))));
        }
        return new JsonObject().put("tools", all);
    }

    private static JsonObject text(JsonObject request, String text) {
        JsonArray content =
                new JsonArray().add(new JsonObject().put("type", "text").put("text", text));
        return result(request, new JsonObject().put("content", content));
    }

    static JsonObject result(JsonObject request, JsonObject result) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", request.getValue("id"))
                .put("result", result);
    }

    static JsonObject error(JsonObject request, int code, String message) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", request.getValue("id"))
                .put("error", new JsonObject().put("code", code).put("message", message));
    }

    static JsonObject notification(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("method", method).put("params", params);
    }
}
