package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Messages as clients send them, and terms under which tests are quick. */
final class Calls {

    static final MessageReader READER = new MessageReader(64);

    static final Waits WAITS =
            new Waits(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    static final Retries RETRIES = new Retries(Duration.ofMillis(20), Duration.ofMillis(200), 0.3, 5);

    private Calls() {}

    static UpstreamTerms terms() {
        return terms(WAITS, StreamMetrics.NONE);
    }

    static UpstreamTerms terms(Waits waits, StreamMetrics metrics) {
        return new UpstreamTerms(READER, waits, new Room(64, 64, 4 << 20), RETRIES, metrics);
    }

    static Message read(JsonObject message) {
        return READER.readOne(message.encode());
    }

    static Message initialize() {
        return request(
                0,
                "initialize",
                new JsonObject()
                        .put("protocolVersion", "2025-06-18")
                        .put("capabilities", new JsonObject())
                        .put("clientInfo", new JsonObject().put("name", "test").put("version", "1")));
    }

    static Message initialized() {
        return read(new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
    }

    static Message request(Object id, String method, JsonObject params) {
        return read(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method)
                .put("params", params));
    }

    /** A tool call; arguments alternate names and values. */
    static Message call(Object id, String tool, Object... arguments) {
        JsonObject named = new JsonObject();
        for (int i = 0; i < arguments.length; i += 2) {
            named.put((String) arguments[i], arguments[i + 1]);
        }
        return request(
                id,
                "tools/call",
                new JsonObject()
                        .put("name", tool)
                        .put("arguments", named)
                        .put("_meta", new JsonObject().put("progressToken", id)));
    }

    static Message result(Object id, JsonObject result) {
        return read(new JsonObject().put("jsonrpc", "2.0").put("id", id).put("result", result));
    }
}
