package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.mcp.McpStand.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Session.Transport;
import dev.lifeline.gateway.session.TooManyExchanges;
import dev.lifeline.gateway.session.UnknownSession;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the Streamable door refuses, and in which words. */
class StreamableRefusalTest {

    private static final String BOTH = "application/json, text/event-stream";
    private static final String LATEST = "2025-11-25";

    private final McpStand stand = new McpStand();

    @AfterEach
    void stop() {
        stand.close();
    }

    private Session session(String revision) {
        return stand.sessions.add("anonymous", Transport.STREAMABLE, revision, "test");
    }

    private HttpResponse<String> post(Session session, String body) {
        return stand.post("/mcp", body, "Accept", BOTH, "Mcp-Session-Id", session.id());
    }

    private static int code(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error").getInteger("code");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json | -32700 | 400",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"x\"} | -32600 | 400",
                "[] | -32600 | 400",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]] | -32700 | 400"
            })
    void whatIsNoMessageIsRefusedByTheBook(String body, int code, int status) {
        HttpResponse<String> answer = post(session(LATEST), body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(code(answer)).isIn(code, -32600);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void aSessionThatIsNotOursIsUnknownToEverybody() {
        Session others = stand.sessions.add("somebody", Transport.STREAMABLE, LATEST, "test");
        for (String id : new String[] {others.id(), "never-was"}) {
            HttpResponse<String> answer = stand.post("/mcp", request(1, "ping"), "Accept", BOTH, "Mcp-Session-Id", id);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}");
        }
        assertThat(stand.get("/docs/mcp", "Mcp-Session-Id", session(LATEST).id(), "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void statusCodesSayWhatIsWrong() {
        String id = session(LATEST).id();
        String ping = request(1, "ping");
        assertThat(stand.post("/mcp", ping, "Accept", "text/event-stream", "Mcp-Session-Id", id)
                        .statusCode())
                .isEqualTo(406);
        assertThat(stand.post("/mcp", ping, "Content-Type", "text/plain", "Mcp-Session-Id", id)
                        .statusCode())
                .isEqualTo(415);
        assertThat(stand.post("/mcp", ping, "MCP-Protocol-Version", "1999-01-01", "Mcp-Session-Id", id)
                        .statusCode())
                .isEqualTo(400);
        assertThat(stand.get("/mcp", "Accept", "text/event-stream").statusCode())
                .isEqualTo(400);
        assertThat(stand.get("/mcp", "Accept", "text/html", "Mcp-Session-Id", id)
                        .statusCode())
                .isEqualTo(406);
        assertThat(stand.send("PUT", "/mcp", "x").statusCode()).isEqualTo(405);
        assertThat(stand.send("OPTIONS", "/mcp", null).statusCode()).isEqualTo(204);
        assertThat(stand.send("DELETE", "/mcp", null).statusCode()).isEqualTo(400);
        assertThat(stand.send("DELETE", "/mcp", null, "Mcp-Session-Id", "x").statusCode())
                .isEqualTo(404);
        HttpResponse<String> foreign = stand.post("/mcp", ping, "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(stand.post("/mcp", "x".repeat(70_000)).statusCode()).isEqualTo(413);
        assertThat(stand.send("GET", "/other/mcp", null).statusCode()).isEqualTo(404);
    }

    @Test
    void theStoreBeingAwayIsSaidWithWhenToTryAgain() {
        String id = session(LATEST).id();
        stand.sessions.away = true;

        HttpResponse<String> answer = stand.post("/mcp", request(1, "ping"), "Accept", BOTH, "Mcp-Session-Id", id);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
        assertThat(new JsonObject(answer.body()).getJsonObject("error")).isNotNull();
    }

    @Test
    void whatNobodyForesawIsAnsweredWithoutAWordAboutIt() {
        stand.passages.put("docs", (headers, body, calledOff) -> {
            throw new IllegalStateException("a secret");
        });
        String modern = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{"
                + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}";

        HttpResponse<String> answer =
                stand.post("/docs/mcp", modern, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(code(answer)).isEqualTo(-32603);
        assertThat(answer.body()).doesNotContain("secret");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachFailureHasItsStatusAndCode(Throwable failure, int status, int code) {
        Refusal refusal = RpcProblems.of(failure);

        assertThat(refusal.status()).isEqualTo(status);
        assertThat(new JsonObject(refusal.answer()).getJsonObject("error").getInteger("code"))
                .isEqualTo(code);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new RpcError(-32601, "no", "7"), 400, -32601),
                Arguments.of(new UnknownSession(), 404, -32001),
                Arguments.of(new LogUnavailable("away"), 503, Refusal.UNAVAILABLE),
                Arguments.of(new TooManyExchanges(), 429, Refusal.UNAVAILABLE),
                Arguments.of(new LinkFailure(Ending.LOST, "cut"), 502, RpcError.MAY_HAVE_RUN),
                Arguments.of(new LinkFailure(Ending.NOT_SENT, "none"), 502, RpcError.NOT_RUN),
                Arguments.of(Problem.badUtf8(), 400, RpcError.PARSE),
                Arguments.of(Problem.forbidden("no"), 403, RpcError.INVALID_REQUEST));
    }
}
