package dev.lifeline.gateway.demo;

import static dev.lifeline.gateway.demo.DemoClient.next;
import static dev.lifeline.gateway.demo.DemoClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of 2026-07-28, which bring everything with them. */
class ModernTest {

    private static final String META = "'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
            + "'io.modelcontextprotocol/clientCapabilities':{},'progressToken':'t'}";

    private static DemoClient client;

    @BeforeAll
    static void start() {
        client = new DemoClient();
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    private static Map<String, String> headers(String method, String name) {
        Map<String, String> headers = new HashMap<>();
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", method);
        headers.put("Mcp-Name", name);
        return headers;
    }

    private static JsonObject result(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("result");
    }

    @Test
    void aClientMayAskWhatThereIs() {
        JsonObject result = result(
                client.post(client.request("server/discover", "{" + META + "}"), headers("server/discover", "")));

        assertThat(result.getJsonArray("supportedVersions"))
                .isEqualTo(new JsonArray()
                        .add("2026-07-28")
                        .add("2025-11-25")
                        .add("2025-06-18")
                        .add("2025-03-26")
                        .add("2024-11-05"));
        assertThat(result.getString("resultType")).isEqualTo("complete");
        assertThat(result.getString("cacheScope")).isEqualTo("public");
        assertThat(result.getJsonObject("_meta")
                        .getJsonObject("io.modelcontextprotocol/serverInfo")
                        .getString("name"))
                .isEqualTo("lifeline-demo");
    }

    @Test
    void toolsAreListedAndCalledWithoutASession() {
        HttpResponse<String> list =
                client.post(client.request("tools/list", "{" + META + "}"), headers("tools/list", ""));
        HttpResponse<String> call = client.post(
                client.request("tools/call", "{'name':'echo','arguments':{'text':'x'}," + META + "}"),
                headers("tools/call", "echo"));

        assertThat(result(list).getInteger("ttlMs")).isPositive();
        assertThat(list.headers().firstValue("Mcp-Session-Id")).isEmpty();
        assertThat(text(result(call))).isEqualTo("x");
        assertThat(result(call).getString("resultType")).isEqualTo("complete");
    }

    @Test
    void aSlowAnswerIsAStream() {
        String body = client.request("tools/call", "{'name':'slow','arguments':{'seconds':0,'steps':1}," + META + "}");

        try (SseClient stream = client.streams(body, headers("tools/call", "slow"))) {
            assertThat(next(stream).getString("method")).isEqualTo("notifications/progress");
            assertThat(next(stream).getJsonObject("result").getString("resultType"))
                    .isEqualTo("complete");
            assertThat(stream.end().is(Heard.Kind.END)).isTrue();
        }
    }

    @Test
    void whoClosesTheStreamDisturbsNobody() {
        String body = client.request("tools/call", "{'name':'slow','arguments':{'seconds':3000}," + META + "}");
        client.streams(body, headers("tools/call", "slow")).reset();

        assertThat(client.says(client.opens(), "echo", "{'text':'x'}")).isEqualTo("x");
    }

    @Test
    void theClientIsNotAskedOnTheStream() {
        JsonObject result = result(client.post(
                client.request("tools/call", "{'name':'roots'," + META + "}"), headers("tools/call", "roots")));

        assertThat(result.getBoolean("isError")).isTrue();
    }

    @Test
    void aPageThatIsNoneIsABadParameterNow() {
        String uri = "docs://lifeline/n\u00f6";
        String encoded = "=?base64?" + Base64.getEncoder().encodeToString(uri.getBytes(StandardCharsets.UTF_8)) + "?=";

        HttpResponse<String> answer = client.post(
                client.request("resources/read", "{'uri':'" + uri + "'," + META + "}"),
                headers("resources/read", encoded));

        assertThat(answer.body()).contains("-32602");
    }

    @ParameterizedTest
    @CsvSource({
        "MCP-Protocol-Version, 2025-11-25",
        "MCP-Protocol-Version, ''",
        "Mcp-Method, tools/list",
        "Mcp-Method, ''",
        "Mcp-Name, large",
        "Mcp-Name, ''",
        "Mcp-Name, =?base64?***?=",
    })
    void headersThatSayOtherwiseThanTheBodyAreRefused(String header, String value) {
        Map<String, String> headers = headers("tools/call", "echo");
        headers.put(header, value);

        HttpResponse<String> answer = client.post(
                client.request("tools/call", "{'name':'echo','arguments':{'text':'x'}," + META + "}"), headers);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("-32020");
    }

    @Test
    void anotherRevisionIsRefusedWithThoseThereAre() {
        Map<String, String> headers = headers("tools/list", "");
        headers.put("MCP-Protocol-Version", "2099-01-01");

        HttpResponse<String> answer = client.post(
                client.request("tools/list", "{" + META.replace("2026-07-28", "2099-01-01") + "}"), headers);

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32022);
        assertThat(error.getJsonObject("data").getString("requested")).isEqualTo("2099-01-01");
        assertThat(error.getJsonObject("data").getJsonArray("supported")).contains("2026-07-28");
    }

    @Test
    void whatARequestMustSayOfItselfIsMissed() {
        HttpResponse<String> nothing = client.post(client.request("tools/list", "{}"), headers("tools/list", ""));
        HttpResponse<String> half = client.post(
                client.request("tools/list", "{" + META.replace("clientCapabilities':{}", "other':{}") + "}"),
                headers("tools/list", ""));

        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(nothing.body()).contains("-32602");
        assertThat(half.statusCode()).isEqualTo(400);
        assertThat(half.body()).contains("-32602", "clientCapabilities");
    }

    @Test
    void whatBelongedToSessionsIsUnknown() {
        HttpResponse<String> answer = client.post(client.request("ping", "{" + META + "}"), headers("ping", ""));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("-32601");
    }

    @Test
    void aNotificationIsTaken() {
        HttpResponse<String> answer = client.post(
                "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{" + META + "}}",
                headers("notifications/cancelled", ""));

        assertThat(answer.statusCode()).isEqualTo(202);
    }
}
