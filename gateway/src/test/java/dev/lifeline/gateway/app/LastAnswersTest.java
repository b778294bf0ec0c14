package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.Future;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An answer under way to a client that could not come back for it is not cut off, though streams are, on purpose. */
class LastAnswersTest {

    private static final String BEFORE_POLLING = "2025-06-18";
    private static final String POLLING = "2025-11-25";

    private static String session(RunningGateway gateway) {
        return session(gateway, BEFORE_POLLING);
    }

    private static String session(RunningGateway gateway, String revision) {
        String initialize = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                + revision + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}";
        return post(gateway, initialize).headers().firstValue("mcp-session-id").orElseThrow();
    }

    private static HttpResponse<String> post(RunningGateway gateway, String body, String... headers) {
        String[] all = new String[headers.length + 4];
        System.arraycopy(headers, 0, all, 4, headers.length);
        all[0] = "Content-Type";
        all[1] = "application/json";
        all[2] = "Accept";
        all[3] = "application/json, text/event-stream";
        return gateway.post("/mcp", body, all);
    }

    private static String call(RunningGateway gateway, String session, int seconds) {
        String call = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"slow\","
                + "\"arguments\":{\"seconds\":" + seconds + ",\"steps\":1}}}";
        HttpResponse<String> answer = post(gateway, call, "Mcp-Session-Id", session);
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        return answer.body();
    }

    @Test
    void becauseOfItsAge() {
        try (RunningGateway gateway = RunningGateway.with(
                        "--heartbeat-interval",
                        "200ms",
                        "--connection-timeout",
                        "600ms",
                        "--connection-max-age",
                        "700ms");
                SseClient reader = gateway.subscribe("/events/a")) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> call(gateway, session(gateway), 4));

            assertThat(reader.end().kind()).isEqualTo(Kind.END);
            assertThat(answer.join()).contains("Done in 1 steps");
        }
    }

    @Test
    void becauseTheNodeLeaves() {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "20s");
        String session = session(gateway);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> call(gateway, session, 3));
        RunningGateway.eventually("it is under way", () -> gateway.sse().getInteger("active_connections") == 1);

        Future<Void> stopped = gateway.gateway().stop();

        assertThat(answer.join()).contains("Done in 1 steps");
        RunningGateway.await(stopped);
    }

    @Test
    void whoIsToComeBackForItIsToldFromWhereThoughTheNodeWasLeavingBefore() throws Exception {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "20s");
        String call = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"slow\","
                + "\"arguments\":{\"seconds\":5,\"steps\":1}}}";
        String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMcp-Session-Id: " + session(gateway, POLLING)
                + "\r\nContent-Length: " + call.length() + "\r\n\r\n";
        try (Socket client = gateway.connect();
                SseClient reader = gateway.subscribe("/events/a")) {
            client.getOutputStream().write((head + call.charAt(0)).getBytes(StandardCharsets.US_ASCII));
            reader.next(Kind.POSITION);
            RunningGateway.eventually("it is under way", () -> gateway.sse().getInteger("active_connections") == 1);

            Future<Void> stopped = gateway.gateway().stop();
            assertThat(reader.end().kind()).isEqualTo(Kind.END);
            client.getOutputStream().write(call.substring(1).getBytes(StandardCharsets.US_ASCII));

            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).contains("text/event-stream").containsPattern("id: \\S+\nretry: \\d+\n");
            RunningGateway.await(stopped);
        }
    }
}
