package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.mcp.McpStand.initialize;
import static dev.lifeline.gateway.mcp.McpStand.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.fake.Toolman;
import dev.lifeline.gateway.mcp.ToldSessions.Accepted;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The legacy door: where to post, the answers, and who is recognised when he comes back. */
class LegacyTest {

    private final McpStand stand = new McpStand();

    @AfterEach
    void stop() {
        stand.close();
    }

    private static String endpoint(SseClient client) {
        Heard first = client.next();
        assertThat(first.isEvent("endpoint")).as("first of all: %s", first).isTrue();
        return first.text();
    }

    private static String session(String endpoint) {
        return endpoint.substring(endpoint.indexOf("sessionId=") + "sessionId=".length());
    }

    private String stream(String session) {
        return stand.sessions.known.get(session).stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/main", "/docs"})
    void aStreamBeginsWithWhereToPostAndAnswersComeOnIt(String door) throws Exception {
        SseClient client = stand.listen(door + "/sse");
        String endpoint = endpoint(client);
        assertThat(endpoint).startsWith(door + "/messages?sessionId=session-");

        assertThat(stand.post(endpoint, request(1, "tools/list")).statusCode()).isEqualTo(202);
        stand.sessions.answer(stand.sessions.next(), "{\"tools\":[]}");
        Heard answer = client.next();
        assertThat(answer.text()).contains("\"tools\":[]");
        assertThat(answer.id()).startsWith(session(endpoint) + ".");
        String other = endpoint.replace("/messages", "/message").replace("sessionId", "session_id");
        assertThat(stand.post(other, ToldSessions.notification("notifications/initialized"))
                        .statusCode())
                .isEqualTo(202);
        assertThat(stand.post(door + "/messages", request(2, "ping"), "Mcp-Session-Id", session(endpoint))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void aSessionOfAnotherDoorOrPrincipalIsUnknown() {
        String id = session(endpoint(stand.listen("/sse")));
        for (String path : List.of("/docs/messages?sessionId=" + id, "/messages?sessionId=none")) {
            HttpResponse<String> answer = stand.post(path, request(1, "ping"));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getInteger("code"))
                    .isEqualTo(-32001);
        }
        HttpResponse<String> other =
                stand.post("/messages?sessionId=" + id, request(1, "ping"), "Authorization", "Bearer other");
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(stand.get("/sse?sessionId=" + id, "Authorization", "Bearer other")
                        .statusCode())
                .isEqualTo(404);
        assertThat(stand.get("/sse?sessionId=never").statusCode()).isEqualTo(404);
        Session streamable = stand.sessions.add("anonymous", Session.Transport.STREAMABLE, "2025-11-25", "x");
        assertThat(stand.get("/sse?sessionId=" + streamable.id()).statusCode()).isEqualTo(404);
        assertThat(stand.get("/mcp", "Mcp-Session-Id", id).statusCode()).isEqualTo(404);
        assertThat(stand.get("/sse", "Accept", "text/html").statusCode()).isEqualTo(406);
        assertThat(stand.get("/sse?client=a%20b").statusCode()).isEqualTo(400);
        assertThat(stand.send("PUT", "/sse", "").statusCode()).isEqualTo(405);
        assertThat(stand.get("/messages").statusCode()).isEqualTo(405);
    }

    @Test
    void theLastEventIdNamesTheSessionEvenBeforeTheFirstMessage() {
        SseClient client = stand.listen("/sse");
        Heard first = client.next();
        client.close();
        String id = session(first.text());
        stand.sessions.publish(stream(id), Sessions.ANSWER, "{\"missed\":1}");

        SseClient again = stand.listen("/sse", "Last-Event-ID", first.id());
        assertThat(session(endpoint(again))).isEqualTo(id);
        assertThat(again.next().text()).isEqualTo("{\"missed\":1}");
    }

    @Test
    void aKeyInTheUrlNamesTheSession() {
        for (String path : List.of("/sse?client=me", "/sse/you")) {
            SseClient client = stand.listen(path);
            String id = session(endpoint(client));
            client.close();
            assertThat(session(endpoint(stand.listen(path)))).isEqualTo(id);
        }
        assertThat(stand.sessions.known).hasSize(2);
    }

    @Test
    void aClientThatGoesOnWithoutAWordGetsItsSessionAndWhatItMissed() throws Exception {
        SseClient client = stand.listen("/sse", "User-Agent", "node");
        String id = session(endpoint(client));
        stand.sessions.publish(stream(id), Sessions.MESSAGE, ToldSessions.notification("heard"));
        stand.sessions.publish(stream(id), Sessions.ANSWER, "{\"id\":1,\"perhaps\":\"lost\"}");
        client.next();
        client.next();
        client.close();
        assertThat(stand.sessions.lefts.poll(10, TimeUnit.SECONDS)).isNotNull();
        stand.sessions.publish(stream(id), Sessions.MESSAGE, ToldSessions.notification("missed"));

        SseClient again = stand.listen("/sse", "MCP-Protocol-Version", "2025-11-25", "User-Agent", "node");
        assertThat(session(endpoint(again))).isEqualTo(id);
        assertThat(again.next().text()).contains("perhaps");
        assertThat(again.next().text()).contains("missed");
    }

    @Test
    void aNewcomerIsNotTakenForSomebodyElse() {
        SseClient client = stand.listen("/sse");
        String id = session(endpoint(client));
        client.close();
        stand.sessions.wasAt(id, null);

        assertThat(session(endpoint(stand.listen("/sse")))).isNotEqualTo(id);
        assertThat(session(
                        endpoint(stand.listen("/sse", "MCP-Protocol-Version", "2025-11-25", "User-Agent", "another"))))
                .isNotEqualTo(id);
        assertThat(session(endpoint(stand.listen(
                        "/sse", "MCP-Protocol-Version", "2024-11-05", "User-Agent", "Java-http-client/17"))))
                .isNotEqualTo(id);
    }

    @Test
    void whileTheStoreIsAwayStreamsAreTakenAndGoOnWhenItIsThere() {
        SseClient client = stand.listen("/sse");
        Heard first = client.next();
        client.close();
        stand.sessions.away = true;

        SseClient again = stand.listen("/sse", "Last-Event-ID", first.id());
        SseClient newcomer = stand.listen("/sse");
        assertThat(again.status()).isEqualTo(200);
        assertThat(newcomer.status()).isEqualTo(200);
        stand.sessions.away = false;
        assertThat(endpoint(again)).isEqualTo(first.text());
        assertThat(endpoint(newcomer)).isNotEqualTo(first.text());
    }

    @Test
    void withoutASessionOneIsOpenedAndTheAnswerComesHereAndStaysThere() throws Exception {
        var answer = CompletableFuture.supplyAsync(
                () -> stand.post("/messages", initialize(0, "2025-11-25", "curl"), "Accept", "*/*"));
        Accepted call = stand.sessions.next();
        stand.sessions.answer(call, "{\"hello\":1}");

        HttpResponse<String> it = answer.get(10, TimeUnit.SECONDS);
        assertThat(it.statusCode()).isEqualTo(200);
        assertThat(it.body()).contains("\"hello\":1");
        String id = it.headers().firstValue("mcp-session-id").orElseThrow();
        SseClient client = stand.listen("/sse?sessionId=" + id);
        assertThat(session(endpoint(client))).isEqualTo(id);
        assertThat(client.next().text()).contains("\"hello\":1");
        assertThat(stand.post("/messages", ToldSessions.notification("notifications/initialized"))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void whoPrefersToWaitGetsTheAnswerOrWordThatItWillBeInTheStream() throws Exception {
        SseClient client = stand.listen("/sse");
        String endpoint = endpoint(client);
        var answer = CompletableFuture.supplyAsync(
                () -> stand.post(endpoint, request(1, "tools/call"), "Prefer", "respond-async, wait=10"));
        Accepted call = stand.sessions.next();
        stand.sessions.publish(call.stream(), Sessions.MESSAGE, ToldSessions.notification("progress"));
        stand.sessions.answer(call, "{\"both\":1}");
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).contains("\"both\":1");
        assertThat(client.until(it -> it.text().contains("both"))).hasSize(2);

        assertThat(stand.post(endpoint, request(2, "tools/call"), "Prefer", "wait=0")
                        .statusCode())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"toolman", "tools"})
    void toolmanGetsItsAnswersAndNothingElse(String name) throws Exception {
        assertThat(new Toolman(stand.uri("/sse"), name).firstChunk())
                .contains("event: endpoint\n", "data: /messages?sessionId=");
        stand.sessions.quick.add("initialize");
        Toolman toolman = new Toolman(stand.uri("/sse"), name);
        var called = CompletableFuture.supplyAsync(() -> {
            try {
                return toolman.call("tools/call");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(stand.sessions.next().message().method()).isEqualTo("notifications/initialized");
        Accepted call = stand.sessions.next();
        stand.sessions.publish(call.stream(), Sessions.MESSAGE, ToldSessions.notification("notifications/progress"));
        stand.sessions.publish(call.stream(), Sessions.MESSAGE, request(99, "sampling/createMessage"));
        stand.sessions.answer(call, "{\"for\":\"toolman\"}");

        assertThat(called.get(10, TimeUnit.SECONDS).getJsonObject("result").getString("for"))
                .isEqualTo("toolman");
        assertThat(toolman.heard()).isEmpty();
    }

    @Test
    void othersHearEverything() {
        SseClient client = stand.listen("/sse");
        String id = session(endpoint(client));
        stand.sessions.publish(stream(id), Sessions.MESSAGE, ToldSessions.notification("notifications/progress"));
        assertThat(client.next().text()).contains("progress");
    }

    @Test
    void anAcknowledgedEventIsNotKept() {
        SseClient client = stand.listen("/sse");
        String endpoint = endpoint(client);
        String id = session(endpoint);
        stand.sessions.publish(stream(id), Sessions.ANSWER, "{\"a\":1}");
        Heard heard = client.next();
        String ack = "/messages/ack?sessionId=" + id;

        assertThat(stand.post(ack, "{\"lastEventId\":\"" + heard.id() + "\"}").statusCode())
                .isEqualTo(204);
        assertThat(stand.log.read(stream(id), null, 10).result().events()).isEmpty();
        assertThat(stand.post(ack, "{\"lastEventId\":\"nonsense\"}").statusCode())
                .isEqualTo(400);
        assertThat(stand.post(ack, "nonsense").statusCode()).isEqualTo(400);
        assertThat(stand.post(ack, "{\"lastEventId\":7}").statusCode()).isEqualTo(400);
        assertThat(stand.post("/messages/ack", "{}").statusCode()).isEqualTo(400);
        assertThat(stand.post("/messages/ack?sessionId=x", "{\"lastEventId\":\"" + heard.id() + "\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void operatorsSpeakToOneOrToAll() {
        Session session = stand.sessions.add("a", Session.Transport.LEGACY, "2024-11-05", "x");
        String note = ToldSessions.notification("notifications/tools/list_changed");

        HttpResponse<String> one = stand.post("/sessions/" + session.id() + "/messages", note);
        assertThat(one.statusCode()).isEqualTo(202);
        assertThat(new JsonObject(one.body()).getInteger("sessions")).isEqualTo(1);
        assertThat(stand.post("/sessions/messages", note).statusCode()).isEqualTo(202);
        assertThat(stand.sessions.told).containsExactly(note, note);
        assertThat(stand.post("/sessions/none/messages", note).statusCode()).isEqualTo(404);
        assertThat(stand.post("/sessions/messages", request(1, "x")).statusCode())
                .isEqualTo(400);
        assertThat(stand.post("/sessions/messages", "x").statusCode()).isEqualTo(400);
        stand.sessions.away = true;
        assertThat(stand.post("/sessions/messages", note).statusCode()).isEqualTo(503);
    }

    @Test
    void aSessionThatEndsTakesItsStreamAlong() {
        SseClient client = stand.listen("/sse");
        String id = session(endpoint(client));
        eventually("it attends", () -> stand.node.attendances().size() == 1);
        stand.node.attendances().end(id);
        assertThat(client.end().kind()).isEqualTo(Kind.END);
        eventually("it left", () -> stand.node.attendances().size() == 0);
    }
}
