package dev.lifeline.gateway.demo;

import static dev.lifeline.gateway.demo.DemoClient.in;
import static dev.lifeline.gateway.demo.DemoClient.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.SseClient;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in at the demo's door, with what, and what becomes of sessions and their standing streams. */
class EndpointTest {

    private static DemoClient client;

    @BeforeAll
    static void start() {
        client = new DemoClient();
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "{'jsonrpc':'2.0',", "{} {}"})
    void whatIsNotJsonIsAParseError(String body) {
        assertThat(client.post(body, Map.of()).statusCode()).isEqualTo(400);
        assertThat(client.post(body, Map.of()).body()).contains("-32700");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "[1]",
                "{}",
                "{'jsonrpc':'1.0','id':1,'method':'ping'}",
                "{'jsonrpc':'2.0','id':1}",
                "{'jsonrpc':'2.0','id':null,'method':'ping'}",
                "{'jsonrpc':'2.0','id':[],'method':'ping'}",
                "{'jsonrpc':'2.0','id':1,'method':7}",
                "{'jsonrpc':'2.0','id':1,'method':'ping','params':[]}",
            })
    void whatIsNoMessageIsAnInvalidRequest(String body) {
        assertThat(client.post(body, Map.of()).statusCode()).isEqualTo(400);
        assertThat(client.post(body, Map.of()).body()).contains("-32600");
    }

    @Test
    void aSessionMustBeNamedAndKnown() {
        String ping = client.request("ping", "{}");

        assertThat(client.post(ping, Map.of()).statusCode()).isEqualTo(400);
        assertThat(client.post(ping, in("unknown")).statusCode()).isEqualTo(404);
        assertThat(client.send("GET", "", in("unknown")).statusCode()).isEqualTo(404);
        assertThat(client.send("DELETE", "", Map.of()).statusCode()).isEqualTo(400);
    }

    @Test
    void aSessionThatWasEndedIsUnknown() {
        String session = client.opens();

        assertThat(client.send("DELETE", "", in(session)).statusCode()).isEqualTo(204);
        assertThat(client.post(client.request("ping", "{}"), in(session)).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example, 403",
        "Origin, http://localhost:6274, 200",
        "Origin, '', 200",
        "MCP-Protocol-Version, 1999-01-01, 400",
        "MCP-Protocol-Version, 2025-06-18, 200",
        "Accept, image/png, 406",
        "Accept, */*, 200",
    })
    void headersDecideWhoIsServed(String header, String value, int status) {
        Map<String, String> headers = Map.of("Mcp-Session-Id", client.opens(), header, value);

        assertThat(client.post(client.request("ping", "{}"), headers).statusCode())
                .isEqualTo(status);
    }

    @Test
    void aForeignNameIsRefused() throws Exception {
        String request = "POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}";

        try (SseClient answer =
                new SseClient(new Socket("127.0.0.1", client.demo().port()), request)) {
            assertThat(answer.status()).isEqualTo(403);
        }
    }

    @Test
    void thereIsOnePathAndThreeMethods() throws Exception {
        assertThat(client.send("PUT", "{}", Map.of()).statusCode()).isEqualTo(405);
        assertThat(client.send("PUT", "{}", Map.of()).headers().firstValue("Allow"))
                .hasValue("POST, GET, DELETE");
        String request = "GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (SseClient answer =
                new SseClient(new Socket("127.0.0.1", client.demo().port()), request)) {
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        String request = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n";

        try (SseClient answer =
                new SseClient(new Socket("127.0.0.1", client.demo().port()), request)) {
            assertThat(answer.status()).isEqualTo(413);
        }
    }

    @Test
    void theStandingStreamMustBeAcceptable() {
        Map<String, String> headers = Map.of("Mcp-Session-Id", client.opens(), "Accept", "application/json");

        assertThat(client.send("GET", "", headers).statusCode()).isEqualTo(406);
    }

    @Test
    void aSecondStandingStreamTakesThePlaceOfTheFirst() {
        String session = client.opens();

        try (SseClient first = client.listens(session);
                SseClient second = client.listens(session)) {
            assertThat(first.end().is(Heard.Kind.END)).isTrue();
            client.says(session, "publish_page", "{'name':'replaced','text':'x'}");
            assertThat(next(second).getString("method")).isEqualTo("notifications/resources/list_changed");
        }
    }

    @Test
    void everySessionThatListensHearsOfChanges() {
        String one = client.opens();
        String other = client.opens();

        try (SseClient first = client.listens(one);
                SseClient second = client.listens(other)) {
            assertThat(client.says(one, "publish_page", "{'name':'new','text':'# News'}"))
                    .contains("docs://lifeline/new");
            assertThat(next(first).getString("method")).isEqualTo("notifications/resources/list_changed");
            assertThat(next(second).getString("method")).isEqualTo("notifications/resources/list_changed");

            assertThat(client.says(one, "toggle_tool", "{}")).startsWith("Added");
            assertThat(next(second).getString("method")).isEqualTo("notifications/tools/list_changed");
            assertThat(client.says(other, "greet", "{'name':'Ada'}")).isEqualTo("Good day, Ada.");
            assertThat(client.says(one, "toggle_tool", "{}")).startsWith("Removed");
        }
    }

    @Test
    void whoLostTheStandingStreamOpensAnother() {
        String session = client.opens();
        client.listens(session).reset();

        try (SseClient again = client.listens(session)) {
            client.says(session, "publish_page", "{'name':'again','text':'x'}");
            assertThat(next(again).getString("method")).isEqualTo("notifications/resources/list_changed");
        }
    }
}
