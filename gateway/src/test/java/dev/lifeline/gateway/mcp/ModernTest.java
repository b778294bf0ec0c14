package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.Passage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of the modern revision: checked, passed through, and called off by closing. */
class ModernTest {

    private static final String VERSION = "2026-07-28";
    private static final Duration BEAT = Duration.ofMillis(300);

    private final McpStand stand = new McpStand(
            new McpSettings(
                    "",
                    true,
                    Set.of(),
                    new McpSettings.Replies(Duration.ofMillis(20), Duration.ZERO, Duration.ofSeconds(5), BEAT),
                    true,
                    McpSettings.Deprecation.SILENT),
            2);
    private final BlockingQueue<HttpServerRequest> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private HttpServer upstream;

    @BeforeEach
    void start() throws Exception {
        upstream = stand.vertx
                .createHttpServer()
                .requestHandler(request -> {
                    request.response().closeHandler(gone -> closed.add("closed"));
                    request.bodyHandler(body -> received.add(request));
                })
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        HttpClient client = stand.vertx.createHttpClient();
        stand.passages.put("main", (headers, body, calledOff) -> forward(client, headers, body, calledOff));
    }

    /** Nothing but what the port asks for. */
    private Future<Passage.Answer> forward(HttpClient client, MultiMap headers, Buffer body, Future<Void> calledOff) {
        return client.request(HttpMethod.POST, upstream.actualPort(), "127.0.0.1", "/")
                .compose(request -> {
                    request.headers().addAll(headers);
                    calledOff.onSuccess(off -> request.reset());
                    return request.send(body).map(response -> {
                        response.pause();
                        return new Passage.Answer(response.statusCode(), response.headers(), response);
                    });
                })
                .recover(failure -> Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "no upstream")));
    }

    @AfterEach
    void stop() {
        stand.close();
    }

    private static String body(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method
                + "\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" + VERSION + "\"}" + params
                + "}}";
    }

    private static String[] headers(String method, String... more) {
        String[] all = new String[4 + more.length];
        List.of("MCP-Protocol-Version", VERSION, "Mcp-Method", method).toArray(all);
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    private HttpServerRequest asked() throws InterruptedException {
        HttpServerRequest request = received.poll(10, TimeUnit.SECONDS);
        assertThat(request).as("the upstream was asked").isNotNull();
        return request;
    }

    private static JsonObject error(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error");
    }

    @Test
    void aRequestGoesThroughWithWhatBelongsToItAndNotWithWhoAsks() throws Exception {
        Socket socket = stand.postUnheard(
                "/mcp",
                body("tools/list", ""),
                headers(
                        "tools/list",
                        "Authorization",
                        "Bearer me",
                        "Cookie",
                        "a=b",
                        "traceparent",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                        "Mcp-Param-Region",
                        "eu",
                        "Mcp-Session-Id",
                        "old"));
        // Asked on its event loop, so everything of it is read there.
        HttpServerRequest request = asked();
        assertThat(request.getHeader("Mcp-Method")).isEqualTo("tools/list");
        assertThat(request.getHeader("Mcp-Param-Region")).isEqualTo("eu");
        assertThat(request.getHeader("traceparent"))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(request.headers().names()).doesNotContain("Authorization", "Cookie", "Mcp-Session-Id");
        stand.vertx.runOnContext(go -> request.response()
                .setStatusCode(418)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Set-Cookie", "x=y")
                .putHeader("Mcp-Extra", "z")
                .end("data: it\n\n"));

        SseClient client = new SseClient(socket, "").listen();
        assertThat(client.next().text()).isEqualTo("it");
        assertThat(client.end().kind()).isEqualTo(Kind.END);
        eventually("its place is free", () -> stand.limits.open() == 0);
    }

    @Test
    void statusAndHeadersComeBack() throws Exception {
        var answer = CompletableFuture.supplyAsync(
                () -> stand.post("/mcp", body("server/discover", ""), headers("server/discover")));
        HttpServerRequest request = asked();
        stand.vertx.runOnContext(go -> request.response()
                .setStatusCode(404)
                .putHeader("Content-Type", "application/json")
                .putHeader("Set-Cookie", "x=y")
                .putHeader("Mcp-Extra", "z")
                .end("{}"));
        HttpResponse<String> it = answer.get(10, TimeUnit.SECONDS);
        assertThat(it.statusCode()).isEqualTo(404);
        assertThat(it.body()).isEqualTo("{}");
        assertThat(it.headers().firstValue("mcp-extra")).contains("z");
        assertThat(it.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerBeginsHasCalledItOff() throws Exception {
        Socket socket = stand.postUnheard("/mcp", body("tools/call", ""), headers("tools/call", "Mcp-Name", "slow"));
        asked();

        socket.close();

        assertThat(closed.poll(10, TimeUnit.SECONDS)).as("the upstream knows").isNotNull();
        eventually("its place is free", () -> stand.limits.open() == 0);
    }

    @Test
    void anAnswerMayTakeLongerThanALineMayBeSilentAndAfterItTheLineMayNot() throws Exception {
        Socket socket = stand.postUnheard("/mcp", body("tools/list", ""), headers("tools/list"));
        HttpServerRequest request = asked();
        stand.vertx.setTimer(
                McpStand.IDLE.multipliedBy(2).toMillis(),
                go -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{\"slow\":1}"));

        socket.setSoTimeout(15_000);
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(all).as("and the line was closed afterwards").contains("{\"slow\":1}");
    }

    @Test
    void aSilentStreamGetsCommentsBetweenItsEventsAndNeverInside() throws Exception {
        Socket socket = stand.postUnheard("/mcp", body("subscriptions/listen", ""), headers("subscriptions/listen"));
        HttpServerRequest request = asked();
        stand.vertx.runOnContext(go -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("data: one\n\n"));
        SseClient client = new SseClient(socket, "").listen();
        assertThat(client.next().text()).isEqualTo("one");
        assertThat(client.header("x-accel-buffering")).isEqualTo("no");
        assertThat(client.next().kind()).isEqualTo(Kind.COMMENT);
        stand.vertx.runOnContext(go -> request.response().write("data: half"));
        stand.vertx.setTimer(4 * BEAT.toMillis(), go -> request.response().write("-whole\n\n"));

        Heard whole = client.next(Kind.EVENT);
        assertThat(whole.text()).isEqualTo("half-whole");
    }

    @Test
    void aClientThatClosesCallsTheRequestOffAtOnce() throws Exception {
        Socket socket = stand.postUnheard("/mcp", body("subscriptions/listen", ""), headers("subscriptions/listen"));
        HttpServerRequest request = asked();
        stand.vertx.runOnContext(go -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("data: one\n\n"));
        SseClient client = new SseClient(socket, "").listen();
        client.next();
        client.close();

        assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
        eventually("its place is free", () -> stand.limits.open() == 0);
    }

    @Test
    void anUpstreamThatBreaksOffLeavesNoAnswerThatLooksWhole() throws Exception {
        Socket socket = stand.postUnheard("/mcp", body("subscriptions/listen", ""), headers("subscriptions/listen"));
        HttpServerRequest request = asked();
        stand.vertx.runOnContext(go -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("data: one\n\n"));
        SseClient client = new SseClient(socket, "").listen();
        client.next();
        stand.vertx.runOnContext(go -> request.connection().close());

        assertThat(client.end().kind()).isEqualTo(Kind.CUT);
        eventually("its place is free", () -> stand.limits.open() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-28, tools/call, , -32020",
        "2026-07-28, tools/call, other, -32020",
        "2026-07-28, tools/list, it, -32020",
        "2027-01-01, tools/call, it, -32020",
        " , tools/call, it, -32020",
        "2026-07-28, , it, -32020",
        "2026-07-28, tools/call, =?base64?!!?=, -32020"
    })
    void headersThatDoNotSayWhatTheBodySaysAreRefused(String version, String method, String name, int code) {
        List<String> headers = new ArrayList<>(List.of("Accept", "*/*"));
        Optional.ofNullable(version).ifPresent(it -> headers.addAll(List.of("MCP-Protocol-Version", it)));
        Optional.ofNullable(method).ifPresent(it -> headers.addAll(List.of("Mcp-Method", it)));
        Optional.ofNullable(name).ifPresent(it -> headers.addAll(List.of("Mcp-Name", it)));

        HttpResponse<String> answer =
                stand.post("/mcp", body("tools/call", ",\"name\":\"it\""), headers.toArray(String[]::new));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer).getInteger("code")).isEqualTo(code);
        assertThat(new JsonObject(answer.body()).getInteger("id")).isEqualTo(1);
        assertThat(received).isEmpty();
    }

    @Test
    void aVersionNobodyKnowsIsForTheUpstreamToRefuse() throws Exception {
        String unheard = body("tools/list", "").replace(VERSION, "unheard-of");
        Socket socket =
                stand.postUnheard("/mcp", unheard, "MCP-Protocol-Version", "unheard-of", "Mcp-Method", "tools/list");
        HttpServerRequest request = asked();
        assertThat(request.getHeader("MCP-Protocol-Version")).isEqualTo("unheard-of");
        socket.close();
    }

    @ParameterizedTest
    @CsvSource({"it, it", "=?base64?w6k=?=, \u00e9"})
    void aNameMayComeWrapped(String header, String name) throws Exception {
        Socket socket = stand.postUnheard(
                "/mcp", body("tools/call", ",\"name\":\"" + name + "\""), headers("tools/call", "Mcp-Name", header));
        HttpServerRequest request = asked();
        stand.vertx.runOnContext(go -> request.response()
                .putHeader("Content-Type", "text/event-stream")
                .end("data: ok\n\n"));
        SseClient client = new SseClient(socket, "").listen();
        assertThat(client.next().text()).isEqualTo("ok");
    }

    @Test
    void whereNobodySpeaksItTheOldRevisionsAreOffered() {
        HttpResponse<String> answer = stand.post("/docs/mcp", body("server/discover", ""), headers("server/discover"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error(answer).getInteger("code")).isEqualTo(-32022);
        JsonObject data = error(answer).getJsonObject("data");
        assertThat(data.getJsonArray("supported").getString(0)).isEqualTo("2025-11-25");
        assertThat(data.getString("requested")).isEqualTo(VERSION);
    }

    @Test
    void whatTheRevisionDoesNotHaveIsRefused() {
        String batch = "[" + body("tools/list", "") + "]";
        assertThat(stand.post("/mcp", batch, headers("tools/list")).statusCode())
                .isEqualTo(400);
        String bare = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
        assertThat(error(stand.post("/mcp", bare, headers("tools/list"))).getInteger("code"))
                .isEqualTo(-32602);
        assertThat(stand.get("/mcp", "MCP-Protocol-Version", VERSION).statusCode())
                .isEqualTo(405);
        assertThat(stand.send("DELETE", "/mcp", null, "MCP-Protocol-Version", VERSION)
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void anUpstreamThatIsNotThereIsSaidSo() {
        upstream.close().toCompletionStage().toCompletableFuture().join();

        HttpResponse<String> answer = stand.post("/mcp", body("tools/list", ""), headers("tools/list"));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(error(answer).getInteger("code")).isEqualTo(-32010);
        assertThat(stand.limits.open()).isZero();
    }

    @Test
    void moreAtOnceThanTheLimitAreRefusedBeforeTheyAreCarriedOut() throws Exception {
        for (int i = 0; i < 2; i++) {
            stand.postUnheard("/mcp", body("subscriptions/listen", ""), headers("subscriptions/listen"));
            asked();
        }
        assertThat(stand.post("/mcp", body("tools/list", ""), headers("tools/list"))
                        .statusCode())
                .isEqualTo(503);
        assertThat(received).isEmpty();
    }
}
