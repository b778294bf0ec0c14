package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.mcp.McpStand.initialize;
import static dev.lifeline.gateway.mcp.McpStand.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.mcp.ToldSessions.Accepted;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Session.Transport;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Streamable door: what each revision says of POST, GET and DELETE. */
class StreamableTest {

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

    private SseClient stream(Session session, String body, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Mcp-Session-Id";
        all[1] = session.id();
        return stand.postStream("/mcp", body, all);
    }

    private static int code(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error").getInteger("code");
    }

    @Test
    void initializeOpensASessionAndNamesIt() {
        HttpResponse<String> answer = stand.post("/mcp", initialize(0, LATEST, "test"), "Accept", BOTH);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        String id = answer.headers().firstValue("mcp-session-id").orElseThrow();
        assertThat(stand.sessions.known).containsKey(id);
        assertThat(new JsonObject(answer.body()).getInteger("id")).isZero();
    }

    @Test
    void anInitializeThatFailsOpensNone() {
        HttpResponse<String> answer = stand.post("/mcp", initialize(0, "wrong", "test"), "Accept", BOTH);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("mcp-session-id")).isEmpty();
        assertThat(code(answer)).isEqualTo(-1);
    }

    @Test
    void anAnswerThatComesAtOnceIsPlainJsonAndLeavesNothingBehind() {
        stand.sessions.quick.add("ping");

        HttpResponse<String> answer = post(session(LATEST), request(7, "ping"));

        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
        eventually("its stream is gone", () -> stand.hub.streams() == 0);
        assertThat(stand.limits.open()).isZero();
    }

    @Test
    void anAnswerThatTakesItsTimeIsAStreamThatBeginsWithAnIdAndEndsWithTheAnswer() throws Exception {
        SseClient client = stream(session(LATEST), request(1, "tools/call"));
        Accepted call = stand.sessions.next();

        Heard first = client.next();
        assertThat(client.header("content-type")).isEqualTo("text/event-stream");
        assertThat(first.kind()).isEqualTo(Kind.RETRY);
        Heard prime = client.next();
        assertThat(prime.text()).isEmpty();
        assertThat(prime.id()).matches("[\\w-]{16}\\.\\w+-0");

        stand.sessions.publish(call.stream(), Sessions.MESSAGE, ToldSessions.notification("notifications/progress"));
        assertThat(client.event().text()).contains("notifications/progress");
        stand.sessions.answer(call, "{\"ok\":true}");
        assertThat(client.event().text()).contains("\"ok\":true");
        assertThat(client.end().kind()).isEqualTo(Kind.END);
        eventually("its place is free", () -> stand.limits.open() == 0);
        assertThat(stand.node.replies().size()).isZero();
    }

    @Test
    void anotherEventFirstTurnsTheAnswerIntoAStreamAtOnce() throws Exception {
        SseClient client = stream(session("2025-06-18"), request(1, "tools/call"));
        Accepted call = stand.sessions.next();
        stand.sessions.publish(call.stream(), Sessions.MESSAGE, ToldSessions.notification("notifications/message"));
        stand.sessions.answer(call, "{}");

        Heard note = client.next();
        assertThat(note.isEvent("message")).as("no id alone before %s", note).isTrue();
        assertThat(note.text()).contains("notifications/message");
        assertThat(client.next().text()).contains("\"result\"");
        assertThat(client.end().kind()).isEqualTo(Kind.END);
    }

    @Test
    void theConnectionOfAStreamedAnswerServesTheNextRequest() throws Exception {
        Session session = session("2025-06-18");
        stand.sessions.quick.add("ping");
        String body = request(1, "tools/call");
        String next = request(2, "ping");
        String both = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: " + BOTH
                + "\r\nMcp-Session-Id: " + session.id() + "\r\nContent-Length: ";
        try (var socket = stand.connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((both + body.length() + "\r\n\r\n" + body).getBytes());
            stand.sessions.answer(slow(), "{}");
            assertThat(readUntil(socket, "0\r\n\r\n")).contains("text/event-stream", "\"result\"");
            socket.getOutputStream().write((both + next.length() + "\r\n\r\n" + next).getBytes());
            assertThat(readUntil(socket, "}}")).contains("HTTP/1.1 200", "\"id\":2");
        }
    }

    /** The request, once its window is over for sure. */
    private Accepted slow() throws InterruptedException {
        Accepted call = stand.sessions.next();
        eventually("it became a stream", () -> stand.limits.open() == 1);
        return call;
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                break;
            }
            text.append((char) b);
        }
        return text.toString();
    }

    @Test
    void whoTakesOnlyJsonWaitsForTheAnswerAlone() throws Exception {
        Session session = session(LATEST);
        var answer = CompletableFuture.supplyAsync(() -> stand.post(
                "/mcp", request(3, "tools/call"), "Accept", "application/json", "Mcp-Session-Id", session.id()));
        Accepted call = stand.sessions.next();
        stand.sessions.publish(call.stream(), Sessions.MESSAGE, ToldSessions.notification("notifications/progress"));
        stand.sessions.answer(call, "{\"late\":1}");

        HttpResponse<String> it = answer.get(10, TimeUnit.SECONDS);
        assertThat(it.headers().firstValue("content-type")).contains("application/json");
        assertThat(it.body()).contains("\"late\":1").doesNotContain("progress");
    }

    @Test
    void aBatchIsAnsweredInOneWhereItsRevisionHasBatches() {
        stand.sessions.quick.add("ping");
        String batch = "[" + request(1, "ping") + "," + request(2, "ping") + "]";

        HttpResponse<String> answer = stand.post(
                "/mcp",
                batch,
                "Accept",
                "application/json",
                "Mcp-Session-Id",
                session("2025-03-26").id());
        assertThat(new JsonArray(answer.body())).hasSize(2);

        HttpResponse<String> refused = post(session("2025-06-18"), batch);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(code(refused)).isEqualTo(-32600);
    }

    @Test
    void whatNeedsNoAnswerIsAcceptedWithoutABody() throws Exception {
        HttpResponse<String> answer =
                post(session(LATEST), "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(stand.sessions.next().message().method()).isEqualTo("notifications/initialized");
    }

    @Test
    void withoutASessionARequestIsAnsweredInJsonAndNothingIsKept() throws Exception {
        var answer = CompletableFuture.supplyAsync(
                () -> stand.post("/mcp", request(1, "tools/list"), "X-Session-ID", "client-1"));
        Accepted call = stand.sessions.next();
        assertThat(stand.sessions.lent).containsExactly(call.session());
        stand.sessions.answer(call, "{\"tools\":[]}");

        HttpResponse<String> it = answer.get(10, TimeUnit.SECONDS);
        assertThat(it.body()).contains("\"tools\":[]");
        assertThat(it.headers().firstValue("mcp-session-id")).isEmpty();
        eventually("it was given back", () -> stand.sessions.lent.isEmpty());
        assertThat(stand.post("/mcp", ToldSessions.notification("notifications/initialized"))
                        .statusCode())
                .isEqualTo(202);
    }
}
