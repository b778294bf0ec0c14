package dev.lifeline.gateway.dashboard;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators are told by a whole gateway with clients of every kind. */
class DashboardApiTest {

    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},
            "clientInfo":{"name":"tester","version":"1.2"}}}""";
    private static final String READY = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final String ADMIN = "0123456789abcdef0123456789abcdef";

    private final FakeMcpServer upstream = FakeMcpServer.start();
    private final RunningGateway gateway =
            RunningGateway.with("--upstream", "docs=" + upstream.url() + "?token=s3cret", "--heartbeat-interval", "1s");

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private JsonArray rows(String path, String name) {
        return json(gateway.get(path)).getJsonArray(name);
    }

    private List<JsonObject> connections(String query) {
        return rows("/api/connections" + query, "connections").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject report() {
        return rows("/api/nodes", "nodes").getJsonObject(0);
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", "application/json", "Accept", "application/json, text/event-stream"));
        return gateway.post(path, body, all.toArray(String[]::new));
    }

    private String session() {
        HttpResponse<String> begun = post("/mcp", INITIALIZE);
        String id = begun.headers().firstValue("mcp-session-id").orElseThrow();
        assertThat(post("/mcp", READY, "Mcp-Session-Id", id).statusCode()).isEqualTo(202);
        return id;
    }

    @Test
    void aNodeReportsHowItIs() {
        try (SseClient reader = gateway.subscribe("/events/orders")) {
            reader.next(Kind.POSITION);
            gateway.publish("orders", "x");
            reader.event();

            JsonObject report = report();

            assertThat(report.fieldNames())
                    .isEqualTo(Set.of(
                            "node",
                            "version",
                            "status",
                            "started_at",
                            "uptime_seconds",
                            "log",
                            "relay",
                            "links",
                            "sessions",
                            "streams",
                            "rates",
                            "upstreams",
                            "heap",
                            "closings"));
            assertThat(report.getString("node")).isEqualTo(gateway.gateway().id());
            assertThat(report.getString("status")).isEqualTo("up");
            assertThat(report.getString("relay")).isEqualTo("off");
            assertThat(report.getJsonObject("log").encode()).isEqualTo("{\"kind\":\"memory\",\"available\":true}");
            assertThat(report.getJsonObject("links").encode()).isEqualTo("{\"open\":1,\"opened\":1,\"refused\":0}");
            assertThat(report.getJsonObject("streams").getInteger("attended")).isOne();
            assertThat(report.getJsonObject("streams").getDouble("ring_fill")).isBetween(0.0005, 0.0015);
            assertThat(report.getJsonObject("heap").getLong("used")).isPositive();
        }
    }

    @Test
    void anUpstreamIsShownWithoutItsSecretsAndFailsWhenItCannotBeHad() {
        JsonObject before = report().getJsonArray("upstreams").getJsonObject(0);
        assertThat(before.getString("name")).isEqualTo("docs");
        assertThat(before.getString("kind")).isEqualTo("streamable");
        assertThat(before.getString("state")).isEqualTo("idle");
        assertThat(before.getString("url_or_command")).endsWith("?…").doesNotContain("s3cret");

        session();
        JsonObject linked = report().getJsonArray("upstreams").getJsonObject(0);
        assertThat(linked.getString("state")).isEqualTo("connected");
        assertThat(linked.getInteger("links")).isOne();

        upstream.close();
        assertThat(post("/mcp", INITIALIZE).body()).contains("error");
        JsonObject failed = report().getJsonArray("upstreams").getJsonObject(0);
        assertThat(failed.getString("state")).isEqualTo("failing");
        assertThat(failed.getString("last_failure")).matches("\\d{4}-.*Z .+");
    }

    @Test
    void connectionsOfEveryKindAreListedWithWhoIsThere() {
        String id = session();
        try (SseClient channel = gateway.subscribe("/events/orders", "User-Agent", "shop/3.1 (linux)");
                SseClient standing = gateway.subscribe("/mcp", "Mcp-Session-Id", id, "Accept", "text/event-stream");
                SseClient legacy = gateway.subscribe("/sse", "Accept", "text/event-stream");
                SseClient live = gateway.subscribe("/api/live")) {
            channel.next(Kind.POSITION);
            legacy.event();
            live.event();
            eventually("all are there", () -> connections("").size() == 4);

            assertThat(client("channel")).isEqualTo("{\"name\":\"shop\",\"version\":\"3.1\"}");
            assertThat(client("mcp_get")).isEqualTo("{\"name\":\"tester\",\"version\":\"1.2\"}");
            assertThat(client("mcp_sse")).isEqualTo("null");
            assertThat(standing.status()).isEqualTo(200);
            JsonObject orders = connections("?q=SHOP").get(0);
            assertThat(orders.getString("stream")).isEqualTo("channel:orders");
            assertThat(orders.getString("state")).isEqualTo("live");
            assertThat(orders.getString("principal")).isEqualTo("anonymous");
            assertThat(connections("?state=lagging")).isEmpty();
            assertThat(connections("?node=nobody")).isEmpty();
            JsonObject all = json(gateway.get("/api/connections?q=shop&limit=1"));
            assertThat(all.getInteger("total")).isEqualTo(4);
            assertThat(all.getInteger("matched")).isOne();
            assertThat(all.getJsonArray("partial")).isEmpty();
        }
    }

    private String client(String kind) {
        List<JsonObject> found = connections("?kind=" + kind);
        assertThat(found).as(kind).hasSize(1);
        return String.valueOf(found.get(0).getValue("client"));
    }

    @Test
    void heartbeatsAndEventsOfAConnectionAreCounted() {
        try (SseClient reader = gateway.subscribe("/events/orders")) {
            reader.next(Kind.POSITION);
            reader.next(Kind.COMMENT);
            reader.next(Kind.COMMENT);
            gateway.publish("orders", "x");
            reader.event();

            JsonObject shown = connections("?sort=events").get(0);

            assertThat(shown.getInteger("heartbeats")).isGreaterThanOrEqualTo(2);
            assertThat(shown.getLong("events")).isOne();
            assertThat(shown.getLong("bytes")).isPositive();
            assertThat(shown.getLong("idle_seconds")).isLessThanOrEqualTo(shown.getLong("age_seconds"));
        }
    }

    @Test
    void aSessionIsKnownByAHashAndNothingElse() {
        String id = session();
        try (SseClient standing = gateway.subscribe("/mcp", "Mcp-Session-Id", id, "Accept", "text/event-stream")) {
            eventually(
                    "it listens",
                    () -> rows("/api/sessions", "sessions").getJsonObject(0).getBoolean("listening"));

            JsonObject session = rows("/api/sessions?q=tester", "sessions").getJsonObject(0);

            assertThat(session.getString("session")).isEqualTo(Shown.session(id));
            assertThat(session.getString("upstream")).isEqualTo("docs");
            assertThat(session.getString("transport")).isEqualTo("streamable");
            assertThat(session.getString("revision")).isEqualTo("2025-06-18");
            assertThat(session.getString("holder")).isEqualTo(gateway.gateway().id());
            assertThat(session.getString("node")).isEqualTo(gateway.gateway().id());
            assertThat(session.getJsonArray("open_exchanges")).isEmpty();
            assertThat(session.containsKey("part")).isFalse();
            assertThat(rows("/api/sessions?q=somebody-else", "sessions")).isEmpty();
            for (String path : List.of("/api/nodes", "/api/connections", "/api/sessions", "/api/streams")) {
                assertThat(gateway.get(path).body()).doesNotContain(id);
            }
            assertThat(gateway.get("/api/streams").body()).contains("mcp:" + Shown.session(id));
            assertThat(standing.status()).isEqualTo(200);
        }
    }

    @Test
    void endingsAreRememberedWithTheirReason() {
        SseClient reader = gateway.subscribe("/events/orders", "User-Agent", "shop/3.1");
        reader.next(Kind.POSITION);
        reader.close();
        eventually("it is closed", () -> gateway.connections() == 0);

        JsonObject closing = report().getJsonArray("closings").getJsonObject(0);

        assertThat(closing.getString("reason")).isIn("client_left", "peer_lost");
        assertThat(closing.getInteger("code")).isNotNull();
        assertThat(closing.getBoolean("return")).isNotNull();
        assertThat(closing.getString("kind")).isEqualTo("channel");
        assertThat(closing.getJsonObject("client").getString("name")).isEqualTo("shop");
    }

    @Test
    void questionsThatMeanNothingAreRefusedWithAReason() {
        for (String bad : List.of(
                "/api/connections?sort=colour",
                "/api/connections?kind=fax",
                "/api/connections?state=asleep",
                "/api/connections?limit=501",
                "/api/sessions?offset=x",
                "/api/streams?sort=age")) {
            HttpResponse<String> answer = gateway.get(bad);
            assertThat(answer.statusCode()).as(bad).isEqualTo(400);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(new JsonObject(answer.body()).getString("detail"))
                    .as(bad)
                    .isNotBlank();
        }
    }

    @Test
    void whoWatchesGetsAReportAtOnceAndThenAgainAndAgain() {
        try (SseClient watcher = gateway.subscribe("/api/live")) {
            Heard first = watcher.event();
            Heard second = watcher.event();
            Heard third = watcher.event();

            assertThat(first.type()).isEqualTo("report");
            assertThat(new JsonObject(third.text()).fieldNames()).isEqualTo(report().fieldNames());
            try (SseClient again = gateway.subscribe("/api/live", "Last-Event-ID", first.id())) {
                assertThat(again.event().id()).isEqualTo(second.id());
            }
        }
    }

    @Test
    void nobodyWatchesNobodyReports() {
        try (SseClient watcher = gateway.subscribe("/api/live")) {
            watcher.event();
        }
        eventually("it has gone", () -> gateway.connections() == 0);

        // Three turns of reports without one: while anybody watches there is one each turn.
        eventually("no more reports", () -> {
            double before = published();
            RunningGateway.pause(3 * Live.TURN_MILLIS);
            return published() == before;
        });
    }

    private double published() {
        return gateway.metric("sse_events_published_total");
    }

    @Test
    void theLiveStreamIsNoChannel() {
        try (SseClient watcher = gateway.subscribe("/api/live");
                SseClient reader = gateway.subscribe("/events/api:live")) {
            reader.next(Kind.POSITION);
            watcher.event();
            gateway.publish("api:live", "{\"node\":\"forged\"}");

            assertThat(reader.event().text()).isEqualTo("{\"node\":\"forged\"}");
            assertThat(watcher.event().text()).doesNotContain("forged");
            assertThat(watcher.event().text()).doesNotContain("forged");
        }
    }

    @Test
    void whenTooManyWatchANewcomerIsToldSoAndWhoComesBackIsToldWhen() {
        List<SseClient> watchers = new ArrayList<>();
        for (int i = 0; i < LiveRoute.MOST_WATCHERS; i++) {
            watchers.add(gateway.attend("/api/live"));
        }
        assertThat(gateway.get("/api/live").statusCode()).isEqualTo(503);
        try (SseClient back = gateway.subscribe("/api/live", "Last-Event-ID", "x-1")) {
            assertThat(back.next().kind()).isEqualTo(Kind.RETRY);
        }
        watchers.forEach(SseClient::close);
        eventually("there is room again", () -> {
            try (SseClient next = gateway.attend("/api/live")) {
                return next.status() == 200;
            }
        });
    }

    @Test
    void anAdminPortHasItAllAndTheMainPortHasNothing() {
        int admin = RunningGateway.freePort();
        try (RunningGateway node =
                RunningGateway.with("--admin-port", Integer.toString(admin), "--admin-token", ADMIN)) {
            assertThat(node.get("/api/nodes").statusCode()).isEqualTo(404);
            assertThat(node.get("/api/live").statusCode()).isEqualTo(404);
            assertThat(node.get(admin, "/api/nodes").statusCode()).isEqualTo(401);
            assertThat(node.get(admin, "/api/live").statusCode()).isEqualTo(401);
            assertThat(node.get(admin, "/api/nodes", "Authorization", "Bearer wrong")
                            .statusCode())
                    .isIn(401, 403);
            String request = "GET /api/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ADMIN + "\r\n\r\n";
            try (SseClient watcher = new SseClient(new Socket("127.0.0.1", admin), request).listen()) {
                assertThat(new JsonObject(watcher.event().text()).getString("node"))
                        .isEqualTo(node.gateway().id());
                JsonObject shown =
                        new JsonObject(node.get(admin, "/api/connections", "Authorization", "Bearer " + ADMIN)
                                .body());
                assertThat(shown.getJsonArray("connections").getJsonObject(0).getString("kind"))
                        .isEqualTo("api");
                node.gateway().stop();
                assertThat(watcher.end().kind()).isEqualTo(Kind.END);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
