package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.mcp.McpStand.initialize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.fake.Toolman;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both doors of a whole gateway, in front of a real server, as the clients in use come to them. */
class DoorsTest {

    private static final String LATEST = "2025-11-25";
    private static final String READY = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

    private final FakeMcpServer upstream = FakeMcpServer.start();
    private final RunningGateway gateway = RunningGateway.with(
            "--upstream", upstream.url().toString(), "--heartbeat-interval", "1s", "--connection-timeout", "5s");

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private static String call(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + ",\"_meta\":{\"progressToken\":" + id + "}}}";
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", "application/json", "User-Agent", "test"));
        if (!all.contains("Accept")) {
            all.addAll(List.of("Accept", "application/json, text/event-stream"));
        }
        return gateway.post(path, body, all.toArray(String[]::new));
    }

    private String begun(String revision) {
        HttpResponse<String> answer = post("/mcp", initialize(0, revision, "test"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = answer.headers().firstValue("mcp-session-id").orElseThrow();
        assertThat(post("/mcp", READY, "Mcp-Session-Id", id).statusCode()).isEqualTo(202);
        return id;
    }

    private SseClient postStream(String body, String session) {
        String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMcp-Session-Id: " + session
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return new SseClient(gateway.connect(), head + body).listen();
    }

    @Test
    void aStreamableClientIsServed() {
        String session = begun(LATEST);

        HttpResponse<String> quick = post("/mcp", call(1, "echo", "{\"text\":\"hi\"}"), "Mcp-Session-Id", session);
        assertThat(quick.body()).contains("\"id\":1", "hi");
        assertThat(gateway.get("/mcp", "Mcp-Session-Id", "nobody", "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post("/mcp", call(2, "echo", "{\"text\":\"no session\"}")).body())
                .contains("no session");
    }

    @Test
    void aCallWhoseClientVanishedIsFetchedByItsLastEventId() {
        String session = begun(LATEST);
        upstream.answers(FakeMcpServer.Style.SSE);
        SseClient client = postStream(call(7, "slow", "{\"steps\":3,\"millis\":200,\"key\":\"once\"}"), session);
        Heard progress =
                client.until(it -> it.text().contains("notifications/progress")).get(0);
        client.reset();

        SseClient again = gateway.subscribe(
                "/mcp", "Mcp-Session-Id", session, "MCP-Protocol-Version", LATEST, "Last-Event-ID", progress.id());
        List<Heard> heard = again.until(it -> it.text().contains("\"id\":7"));
        assertThat(heard).noneMatch(it -> it.text().equals(progress.text()));
        assertThat(again.end().kind()).isEqualTo(Kind.END);
        assertThat(upstream.executions("once")).isEqualTo(1);
    }

    @Test
    void aLegacyClientThatNeverSaysWhereItWasGetsTheAnswerOfTheCallInFlight() {
        SseClient client = gateway.subscribe("/sse", "User-Agent", "node");
        String endpoint = client.event().text();
        assertThat(post(endpoint, initialize(0, LATEST, "sdk")).statusCode()).isEqualTo(202);
        assertThat(client.event().text()).contains("\"id\":0");
        assertThat(post(endpoint, READY, "MCP-Protocol-Version", LATEST).statusCode())
                .isEqualTo(202);
        assertThat(post(endpoint, call(1, "slow", "{\"steps\":2,\"millis\":300,\"key\":\"once\"}"))
                        .statusCode())
                .isEqualTo(202);
        client.until(it -> it.text().contains("notifications/progress"));
        client.reset();
        eventually("it was noticed", () -> gateway.connections() == 0);

        SseClient again = gateway.subscribe("/sse", "MCP-Protocol-Version", LATEST, "User-Agent", "node");
        Heard first = again.next();
        assertThat(first.isEvent("endpoint")).isTrue();
        assertThat(first.text()).isEqualTo(endpoint);
        assertThat(again.until(it -> it.text().contains("\"id\":1"))).isNotEmpty();
        assertThat(upstream.executions("once")).isEqualTo(1);
    }

    @Test
    void aClientThatPostsFirstAttachesLater() {
        HttpResponse<String> answer = post("/messages", initialize(0, LATEST, "curl"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\":0", "protocolVersion");
        String session = answer.headers().firstValue("mcp-session-id").orElseThrow();
        String endpoint = "/messages?sessionId=" + session;
        assertThat(post(endpoint, READY).statusCode()).isEqualTo(202);
        assertThat(post(endpoint, call(1, "echo", "{\"text\":\"waited\"}"), "Prefer", "wait=10")
                        .body())
                .contains("waited");

        SseClient client = gateway.subscribe("/sse?sessionId=" + session);
        assertThat(client.next().text()).isEqualTo(endpoint);
        assertThat(client.next().text()).contains("\"id\":0");
        assertThat(client.next().text()).contains("waited");
    }

    @Test
    void toolmanIsServedThreeTimesOver() throws Exception {
        URI sse = URI.create("http://127.0.0.1:" + gateway.port() + "/sse");
        assertThat(new Toolman(sse, "toolman").firstChunk()).contains("sessionId=");
        for (String tool : List.of("echo", "announce", "slow")) {
            Toolman toolman = new Toolman(sse, "toolman");
            String params = "{\"name\":\"" + tool
                    + "\",\"arguments\":{\"text\":\"x\",\"count\":5,\"steps\":3,\"millis\":30},"
                    + "\"_meta\":{\"progressToken\":1}}";
            JsonObject answer = toolman.call("tools/call", params);
            assertThat(answer.getInteger("id")).as(answer.encode()).isEqualTo(2);
            assertThat(answer.containsKey("result")).as(answer.encode()).isTrue();
            assertThat(toolman.heard()).isEmpty();
        }
        // It leaves each of its streams open.
        assertThat(gateway.connections()).isGreaterThanOrEqualTo(3);
    }

    /** The bytes themselves: each row of the table of what clients bear. */
    @Test
    void theLegacyStreamIsWrittenAsEveryClientBearsIt() throws Exception {
        try (Socket socket = gateway.connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /sse HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes());
            String head = upTo(socket, "\r\n\r\n");
            assertThat(head).contains("200", "text/event-stream");
            String endpoint = upTo(socket, "\n\n");
            assertThat(endpoint).matches("id: \\S+\\.\\w+-0\nevent: endpoint\ndata: /messages\\?sessionId=\\S+\n\n");
            String path = endpoint.substring(endpoint.indexOf("/messages")).strip();

            post(path, initialize(0, LATEST, "test"));
            assertThat(upTo(socket, "\n\n")).matches("id: \\S+\nevent: message\ndata: \\{.*\\}\n\n");
            String beat = upTo(socket, "\n");
            assertThat(beat).matches(": \\S+\n");
            post(path, call(1, "large", "{\"bytes\":100000}"));
            String large = upTo(socket, "\n\n");
            assertThat(large.replaceAll("^(: \\S+\n)+", "")).startsWith("id: ").contains("\nevent: message\ndata: {");
            assertThat(large.lines().filter(line -> line.startsWith("data:"))).hasSize(1);
        }
    }

    private static String upTo(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] one = new byte[1];
        while (text.indexOf(end) < 0 && socket.getInputStream().read(one) > 0) {
            text.append(new String(one, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    @Test
    void aPageMayReadWhatItNeeds() {
        HttpResponse<String> answer = post("/mcp", initialize(0, LATEST, "page"), "Origin", "http://localhost:6274");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).isPresent();
        assertThat(answer.headers().firstValue("access-control-expose-headers").orElse(""))
                .contains("Mcp-Session-Id");
        HttpResponse<String> foreign = post("/mcp", initialize(0, LATEST, "page"), "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
    }
}
