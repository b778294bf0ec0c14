package dev.lifeline.gateway.app;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who uses which transport of a whole gateway, and the end of the old one. */
class MigrationTest {

    private static final String JSON = "application/json";

    private static String initialize(String client, String revision) {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + revision
                + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"" + client + "\",\"version\":\"1.2\"}}}";
    }

    private static void begin(RunningGateway gateway, String path, String client, String revision) {
        HttpResponse<String> answer =
                gateway.post(path, initialize(client, revision), "Content-Type", JSON, "Accept", JSON);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static List<JsonObject> clients(RunningGateway gateway) {
        return new JsonObject(gateway.get("/api/migration").body())
                .getJsonArray("clients").stream().map(JsonObject.class::cast).toList();
    }

    @Test
    void bothTransportsAreCountedAndTheOldOneGetsAdvice() {
        try (RunningGateway gateway = RunningGateway.with("--legacy-sunset", "2027-06-30")) {
            begin(gateway, "/messages", "cursor-vscode", "2025-06-18");
            begin(gateway, "/messages", "cursor-vscode", "2025-06-18");
            begin(gateway, "/mcp", "claude-code", "2025-11-25");
            gateway.post(
                    "/mcp",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
                    "Content-Type",
                    JSON,
                    "Accept",
                    JSON);

            JsonObject report = new JsonObject(gateway.get("/api/migration").body());

            assertThat(report.getString("sunset")).isEqualTo("2027-06-30");
            assertThat(report.getDouble("legacy_share")).isEqualTo(0.5);
            JsonObject legacy = clients(gateway).get(0);
            assertThat(legacy.getString("client")).isEqualTo("cursor-vscode");
            assertThat(legacy.getString("version")).isEqualTo("1.2");
            assertThat(legacy.getString("principal")).isEqualTo("anonymous");
            assertThat(legacy.getString("transport")).isEqualTo("legacy");
            assertThat(legacy.getLong("count")).isEqualTo(2);
            assertThat(legacy.getString("advice")).isEqualTo("ready");
            assertThat(legacy.getString("first_seen")).isLessThanOrEqualTo(legacy.getString("last_seen"));
            assertThat(clients(gateway))
                    .extracting(client -> client.getString("client"))
                    .containsExactlyInAnyOrder("cursor-vscode", "claude-code", "(unnamed)");
            assertThat(gateway.metric("mcp_legacy_introductions_total{client=\"cursor\"}"))
                    .isEqualTo(2);
        }
    }

    @Test
    void nobodyIsNoShare() {
        try (RunningGateway gateway = RunningGateway.with()) {
            JsonObject report = new JsonObject(gateway.get("/api/migration").body());

            assertThat(report.getJsonArray("clients")).isEmpty();
            assertThat(report.getValue("legacy_share")).isNull();
            assertThat(report.getValue("sunset")).isNull();
        }
    }

    @Test
    void itIsGuardedLikeHealth() {
        try (RunningGateway gateway = RunningGateway.on("0.0.0.0", "--allow-open")) {
            assertThat(gateway.get("/api/migration").statusCode())
                    .isEqualTo(gateway.get("/health").statusCode())
                    .isNotEqualTo(200);
        }
    }

    @Test
    void whatNodesSawIsKnownToAllAndSurvivesThem() {
        try (RedisServer redis = RedisServer.Options.plain().start()) {
            String[] options = {"--redis", redis.uri(), "--no-cluster"};
            try (RunningGateway one = RunningGateway.with(options)) {
                begin(one, "/messages", "old", "2024-11-05");
            }
            try (RunningGateway two = RunningGateway.with(options)) {
                begin(two, "/messages", "old", "2024-11-05");

                eventually("both are counted", () -> clients(two).get(0).getLong("count") == 2);
            }
        }
    }

    @Test
    void theDashboardIsToldWhenTheStoreIsAway() {
        try (RedisServer redis = RedisServer.Options.plain().start();
                RunningGateway gateway = RunningGateway.with("--redis", redis.uri(), "--no-cluster")) {
            redis.stop();

            eventually("it says so", () -> gateway.get("/api/migration").statusCode() == 503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sse", "/sse/desk-7", "/messages", "/message?sessionId=x"})
    void theOldTransportCanBeTurnedOff(String path) {
        try (RunningGateway gateway =
                RunningGateway.with("--no-legacy", "--external-prefix", "/gw", "--legacy-deprecation")) {
            HttpResponse<String> answer = path.contains("message") ? gateway.post(path, "{}") : gateway.get(path);

            assertThat(answer.statusCode()).isEqualTo(410);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("message"))
                    .contains("Streamable HTTP at /gw")
                    .contains("/mcp");
            assertThat(answer.headers().firstValue("Link").orElse("")).contains("successor-version");
            begin(gateway, "/mcp", "new", "2025-11-25");
        }
    }

    @Test
    void aListenerIsCountedWhenItIntroducesItself() {
        try (RunningGateway gateway = RunningGateway.with()) {
            SseClient listener =
                    gateway.attend("/sse", "Accept", "text/event-stream").listen();
            String endpoint = listener.next().text();
            gateway.post(endpoint, initialize("old", "2024-11-05"), "Content-Type", JSON);
            gateway.post(endpoint, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", "Content-Type", JSON);

            assertThat(clients(gateway)).hasSize(1);
            assertThat(clients(gateway).get(0).getLong("count")).isEqualTo(1);
            assertThat(clients(gateway).get(0).getString("advice")).isEqualTo("unknown");
            listener.close();
        }
    }
}
