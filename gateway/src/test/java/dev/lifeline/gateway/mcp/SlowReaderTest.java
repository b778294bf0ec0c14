package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.mcp.McpStand.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.mcp.ToldSessions.Accepted;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Session.Transport;
import dev.lifeline.gateway.session.Sessions;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers that take their time, fall behind, or are overtaken by themselves. */
class SlowReaderTest {

    private static final String LATEST = "2025-11-25";
    private static final int EVENTS = 8;
    private static final String LARGE = "x".repeat(100_000);

    private final McpStand stand = new McpStand();

    @AfterEach
    void stop() {
        stand.close();
    }

    private void publish(String stream) {
        for (int i = 0; i < EVENTS; i++) {
            stand.sessions.publish(
                    stream,
                    Sessions.MESSAGE,
                    "{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":{\"p\":\"" + i + LARGE + "\"}}");
        }
    }

    private static void expectAll(SseClient client) {
        for (int i = 0; i < EVENTS; i++) {
            String next = client.until(it -> it.is(Kind.EVENT) && !it.text().isEmpty())
                    .get(0)
                    .text();
            assertThat(next).contains("\"" + i + "x");
        }
    }

    @Test
    void aSessionsOwnStreamWaitsForItsReader() {
        Session session = stand.sessions.add("anonymous", Transport.STREAMABLE, LATEST, "test");
        SseClient client = stand.attendNarrow("GET", "/mcp", null, "Mcp-Session-Id", session.id());
        eventually("it attends", () -> stand.node.attendances().size() == 1);
        publish(session.stream());
        expectAll(client.listen());
    }

    @Test
    void theStreamOfAnAnswerWaitsForItsReader() throws Exception {
        Session session = stand.sessions.add("anonymous", Transport.STREAMABLE, LATEST, "test");
        CompletableFuture<SseClient> opened = CompletableFuture.supplyAsync(
                () -> stand.attendNarrow("POST", "/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id()));
        Accepted call = stand.sessions.next();
        publish(call.stream());
        stand.sessions.answer(call, "{\"last\":1}");
        SseClient client = opened.get(10, TimeUnit.SECONDS).listen();
        expectAll(client);
        assertThat(client.event().text()).contains("\"last\":1");
        assertThat(client.end().kind()).isEqualTo(Kind.END);
    }

    @Test
    void aLegacyReaderThatMissedWhatIsGoneHearsTheRest() {
        SseClient client = stand.listen("/sse");
        String first = client.next().id();
        client.close();
        String session = EventId.parse(first).orElseThrow().place();
        String stream = stand.sessions.known.get(session).stream();
        for (int i = 0; i < 3; i++) {
            publish(stream);
        }
        SseClient again = stand.listen("/sse", "Last-Event-ID", first);
        assertThat(again.next().isEvent("endpoint")).isTrue();
        assertThat(again.event().text()).contains("\"method\"");
    }

    @Test
    void anAnswerInJsonThatIsFetchedElsewhereIsNotGivenTwice() throws Exception {
        Session session = stand.sessions.add("anonymous", Transport.STREAMABLE, LATEST, "toolman");
        try (Socket socket = stand.postUnheard("/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id())) {
            Accepted call = stand.sessions.next();
            eventually("it waits", () -> stand.node.replies().size() == 1);
            String place = call.stream().substring(session.stream().length() + 1);
            Cursor start = stand.log.read(call.stream(), null, 1).result().start();

            SseClient again = stand.listen(
                    "/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", new EventId(place, start).toString());
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().readAllBytes())
                    .as("cut, without an answer")
                    .isEmpty();
            stand.sessions.answer(call, "{\"here\":1}");
            assertThat(again.until(it -> it.text().contains("here"))).isNotEmpty();
        }
    }

    @Test
    void anAnswerWhoseUpstreamStreamsIsAStreamBeforeAnythingCame() throws Exception {
        Session session = stand.sessions.add("anonymous", Transport.STREAMABLE, LATEST, "test");
        try (Socket socket = stand.postUnheard("/mcp", request(1, "tools/call"), "Mcp-Session-Id", session.id())) {
            Accepted call = stand.sessions.next();
            stand.node.replies().stream(call.stream());
            SseClient client = new SseClient(socket, "").listen();
            assertThat(client.header("content-type")).isEqualTo("text/event-stream");
            stand.sessions.answer(call, "{\"now\":1}");
            assertThat(client.until(it -> it.text().contains("now"))).isNotEmpty();
        }
    }

    /** Which no stream of a POST does to its first reader; what is left is had all the same. */
    @Test
    void aGapMovesWhereAnAnswerBegins() {
        Cursor to = new Cursor(36, 9);
        LegacyDialect dialect = new LegacyDialect("/m");
        dialect.meet("s");
        assertThat(dialect.gap(new Gap(null, to, Gap.Reason.UNKNOWN))).isNotEmpty();
    }
}
