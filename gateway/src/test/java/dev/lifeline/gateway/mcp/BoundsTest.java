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
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens at the bounds: no place left, an answer that takes long, a door that is going away. */
class BoundsTest {

    private static final String LATEST = "2025-11-25";
    private static final Duration BEAT = Duration.ofMillis(300);
    private static final McpSettings.Deprecation ENDING = new McpSettings.Deprecation(
            true, Optional.of(Instant.parse("2027-03-04T00:00:00Z")), Optional.empty(), Duration.ofHours(1));

    private final McpStand stand = new McpStand(
            new McpSettings(
                    "/gw",
                    false,
                    Set.of("toolman"),
                    new McpSettings.Replies(
                            Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofMillis(200), BEAT),
                    true,
                    ENDING),
            1);

    @AfterEach
    void stop() {
        stand.close();
    }

    private Session session(String client) {
        return stand.sessions.add("anonymous", Transport.STREAMABLE, LATEST, client);
    }

    @Test
    void withoutAPlaceForAStreamTheAnswerIsJsonAllTheSame() throws Exception {
        Session session = session("test");
        SseClient standing = stand.listen("/mcp", "Mcp-Session-Id", session.id());
        standing.event();
        try (Socket socket = stand.postUnheard("/mcp", request(5, "tools/call"), "Mcp-Session-Id", session.id())) {
            Accepted call = stand.sessions.next();
            assertThat(upTo(socket, "\r\n\r\n")).contains("application/json");
            stand.sessions.publish(call.stream(), "message", ToldSessions.notification("notifications/progress"));
            stand.sessions.answer(call, "{\"late\":1}");
            assertThat(upTo(socket, "0\r\n\r\n")).contains("\n", "\"late\":1").doesNotContain("progress");
        }
        assertThat(stand.limits.open()).isEqualTo(1);
    }

    private static String upTo(Socket socket, String end) throws IOException {
        socket.setSoTimeout(10_000);
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            text.append((char) socket.getInputStream().read());
        }
        return text.toString();
    }

    @Test
    void newcomersWithoutAPlaceAreRefusedAndOthersAreSentAwayForAWhile() {
        Session session = session("test");
        SseClient standing = stand.listen("/mcp", "Mcp-Session-Id", session.id());
        String id = standing.event().id();

        HttpResponse<String> newcomer = stand.get("/sse");
        assertThat(newcomer.statusCode()).isEqualTo(503);
        assertThat(stand.sessions.known).as("it leaves no session behind").hasSize(1);
        assertThat(newcomer.headers().firstValue("retry-after")).contains("5");
        assertThat(new JsonObject(newcomer.body()).getJsonObject("error").getInteger("code"))
                .isEqualTo(Refusal.UNAVAILABLE);
        HttpResponse<String> back =
                stand.get("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", id, "MCP-Protocol-Version", LATEST);
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(back.body()).isEqualTo("retry: 5000\n\n");
        HttpResponse<String> legacy = stand.get("/sse", "MCP-Protocol-Version", LATEST);
        assertThat(legacy.statusCode()).isEqualTo(200);
        assertThat(legacy.body()).isEmpty();
    }

    @Test
    void aStreamThatIsOpenForLongIsClosedAndTheAnswerFetched() throws Exception {
        Session session = session("test");
        SseClient client = stand.postStream("/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id());
        Accepted call = stand.sessions.next();
        Heard prime = client.event();
        assertThat(client.end().kind()).isEqualTo(Kind.END);
        stand.sessions.answer(call, "{\"long\":1}");
        SseClient again = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", prime.id());
        assertThat(again.until(it -> it.text().contains("long"))).isNotEmpty();
    }

    @Test
    void aQuietClientGetsJsonAtTheStreamableDoorToo() throws Exception {
        Session session = session("Toolman");
        try (Socket socket = stand.postUnheard("/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id())) {
            stand.sessions.answer(stand.sessions.next(), "{\"it\":1}");
            assertThat(upTo(socket, "}}")).contains("application/json");
        }
    }

    @Test
    void aClientThatLeavesBeforeItsAnswerIsForgottenAndItsRequestIsNot() throws Exception {
        Session session = session("Toolman");
        Socket socket = stand.postUnheard("/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id());
        Accepted call = stand.sessions.next();
        eventually("it waits", () -> stand.node.replies().size() == 1);
        socket.close();
        eventually("nobody waits", () -> stand.node.replies().size() == 0);
        stand.sessions.answer(call, "{}");
        assertThat(stand.log.read(call.stream(), null, 10).result().events()).hasSize(1);
    }

    @Test
    void sessionlessRequestsMayBeTurnedOff() {
        assertThat(stand.post("/mcp", request(1, "tools/list")).statusCode()).isEqualTo(400);
    }

    @Test
    void anAnswerThatIsWaitedForTooLongStaysInTheStream() throws Exception {
        HttpResponse<String> answer = stand.post("/messages", initialize(0, LATEST, "curl"));
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("mcp-session-id")).isPresent();
        assertThat(stand.sessions.next().message().method()).isEqualTo("initialize");
    }

    @Test
    void theLegacyDoorSaysThatItIsGoingAwayAndWhereToGo() {
        SseClient client = stand.listen("/docs/sse");
        assertThat(client.next().text()).startsWith("/gw/docs/messages?sessionId=");
        assertThat(client.header("deprecation")).isEqualTo("@1742947200");
        assertThat(client.header("sunset")).isEqualTo("Thu, 04 Mar 2027 00:00:00 GMT");
        assertThat(client.header("link")).isEqualTo("</gw/docs/mcp>; rel=\"successor-version\"");
        assertThat(stand.post("/messages", ToldSessions.notification("x"))
                        .headers()
                        .firstValue("deprecation"))
                .isPresent();
    }

    @Test
    void eachNameIsInTheLogNowAndThen() {
        Deprecations deprecations = new Deprecations(ENDING);
        Instant now = Instant.now();
        assertThat(deprecations.isDue("a", now)).isTrue();
        assertThat(deprecations.isDue("a", now.plusSeconds(3000))).isFalse();
        assertThat(deprecations.isDue("b", now)).isTrue();
        assertThat(deprecations.isDue("a", now.plusSeconds(3601))).isTrue();
        for (int i = 0; i < 1000; i++) {
            deprecations.met(new GuestBook.Line(true, "", "name " + i + "\n".repeat(100), "", "", true));
        }
        assertThat(deprecations.isDue("a", now.plusSeconds(3602)))
                .as("forgotten")
                .isTrue();
        assertThat(new Deprecations(McpSettings.Deprecation.SILENT).isDue("a", now))
                .isFalse();
    }
}
