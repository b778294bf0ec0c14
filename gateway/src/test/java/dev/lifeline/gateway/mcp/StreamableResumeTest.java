package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.mcp.McpStand.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.mcp.ToldSessions.Accepted;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Session.Transport;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of the Streamable door that are heard, lost, and taken up again. */
class StreamableResumeTest {

    private static final String LATEST = "2025-11-25";

    private final McpStand stand = new McpStand();

    @AfterEach
    void stop() {
        stand.close();
    }

    private Session session(String revision) {
        return stand.sessions.add("anonymous", Transport.STREAMABLE, revision, "test");
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

    /** The request, once its window is over for sure. */
    private Accepted slow() throws InterruptedException {
        Accepted call = stand.sessions.next();
        eventually("it became a stream", () -> stand.limits.open() == 1);
        return call;
    }

    @Test
    void aGetHearsTheSessionAndTheNextOneTakesItsPlace() throws Exception {
        Session session = session(LATEST);
        SseClient first = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Accept", "text/event-stream");
        assertThat(first.event().id()).startsWith("0.");
        stand.sessions.publish(session.stream(), Sessions.MESSAGE, ToldSessions.notification("one"));
        assertThat(first.event().text()).contains("one");

        SseClient second = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Accept", "text/event-stream");
        assertThat(first.end().kind()).isEqualTo(Kind.END);
        assertThat(second.event().text()).isEmpty();
        stand.sessions.publish(session.stream(), Sessions.MESSAGE, ToldSessions.notification("two"));
        assertThat(second.event().text()).contains("two");
        assertThat(stand.sessions.arrivals).hasSize(2);
        assertThat(stand.sessions.lefts).as("it never left").isEmpty();

        assertThat(stand.send("DELETE", "/mcp", null, "Mcp-Session-Id", session.id())
                        .statusCode())
                .isEqualTo(204);
        assertThat(second.end().kind()).isEqualTo(Kind.END);
        assertThat(stand.sessions.lefts.poll(10, TimeUnit.SECONDS))
                .isIn(CloseReason.SESSION_ENDED, CloseReason.COMPLETED);
        assertThat(stand.get("/mcp", "Mcp-Session-Id", session.id(), "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aStreamGoesOnAfterItsLastEvent() throws Exception {
        Session session = session(LATEST);
        String[] who = {"Mcp-Session-Id", session.id(), "Accept", "text/event-stream"};
        SseClient client = stand.listen("/mcp", who);
        client.event();
        stand.sessions.publish(session.stream(), Sessions.MESSAGE, ToldSessions.notification("one"));
        String id = client.event().id();
        client.close();
        stand.sessions.publish(session.stream(), Sessions.MESSAGE, ToldSessions.notification("two"));

        SseClient again = stand.listen("/mcp", who[0], who[1], who[2], who[3], "Last-Event-ID", id);
        Heard prime = again.event();
        assertThat(prime.text()).isEmpty();
        assertThat(prime.id()).isEqualTo(id);
        assertThat(again.event().text()).contains("two");
    }

    @Test
    void anAnswerLostOnTheWayIsFetchedWithAGetAndOnlyOnce() throws Exception {
        Session session = session(LATEST);
        SseClient client = stream(session, request(1, "tools/call"));
        Accepted call = stand.sessions.next();
        String id = client.event().id();
        client.close();
        eventually("it was noticed", () -> stand.limits.open() == 0);
        stand.sessions.answer(call, "{\"kept\":1}");

        SseClient again = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", id);
        assertThat(again.event().id()).isEqualTo(id);
        Heard answer = again.event();
        assertThat(answer.text()).contains("\"kept\":1");
        assertThat(again.end().kind()).isEqualTo(Kind.END);

        assertThat(stand.get("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", answer.id())
                        .statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "0.zz-99", "nobody.1-1", "....", "0.", "\u00e9.1-1"})
    void anIdThatMeansNothingHereIsRefusedButNotAsALostSession(String id) {
        HttpResponse<String> answer =
                stand.get("/mcp", "Mcp-Session-Id", session(LATEST).id(), "Last-Event-ID", id.replace('\u00e9', '~'));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo(-32000);
    }

    @Test
    void aClientThatComesBackWhileTheStoreIsAwayIsKeptUntilItIsThere() {
        Session session = session(LATEST);
        String[] who = {"Mcp-Session-Id", session.id(), "MCP-Protocol-Version", LATEST};
        SseClient client = stand.listen("/mcp", who);
        String id = client.event().id();
        client.close();
        stand.sessions.away = true;

        SseClient again = stand.listen("/mcp", who[0], who[1], who[2], who[3], "Last-Event-ID", id);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.event().id()).isEqualTo(id);
        stand.sessions.publish(session.stream(), Sessions.MESSAGE, ToldSessions.notification("meanwhile"));
        stand.sessions.away = false;
        assertThat(again.until(it -> it.text().contains("meanwhile"))).isNotEmpty();
    }

    @Test
    void aSessionThatIsGoneWhenTheStoreIsBackEndsTheStreamThatWaited() {
        stand.sessions.away = true;
        SseClient client = stand.listen("/mcp", "Mcp-Session-Id", "gone");
        assertThat(client.status()).isEqualTo(200);
        stand.sessions.away = false;
        assertThat(client.end().kind()).isEqualTo(Kind.END);
    }

    @Test
    void anUpstreamThatPausesSendsItsClientAwayWithATimeToComeBack() throws Exception {
        Session session = session(LATEST);
        SseClient client = stream(session, request(1, "tools/call"));
        Accepted call = slow();
        stand.node.replies().pause(call.stream(), 700);

        var heard = client.until(it -> it.is(Kind.END));
        assertThat(heard).anyMatch(it -> it.is(Kind.RETRY) && it.text().equals("700"));
        String id = heard.stream()
                .filter(it -> it.is(Kind.EVENT))
                .reduce((a, b) -> b)
                .orElseThrow()
                .id();
        stand.sessions.answer(call, "{\"polled\":1}");
        SseClient again = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", id);
        assertThat(again.until(it -> it.text().contains("polled"))).isNotEmpty();
    }

    @Test
    void nobodyIsSentAwayWithoutAnIdToComeBackWith() throws Exception {
        Promise<Void> attached = Promise.promise();
        stand.attachable = attached.future();
        Session session = session(LATEST);
        SseClient client = stream(session, request(1, "tools/call"));
        Accepted call = slow();
        stand.node.replies().pause(call.stream(), 700);
        attached.complete();

        assertThat(client.until(it -> it.is(Kind.END)))
                .anyMatch(it -> it.is(Kind.EVENT) && it.id() != null)
                .anyMatch(it -> it.is(Kind.RETRY) && it.text().equals("700"));
    }

    @Test
    void clientsThatCannotPollAreNotSentAway() throws Exception {
        for (String[] who : new String[][] {{"2025-06-18", "test"}, {LATEST, "Java-http-client/17"}}) {
            SseClient client = stream(session(who[0]), request(1, "tools/call"), "User-Agent", who[1]);
            Accepted call = slow();
            stand.node.replies().pause(call.stream(), 1);
            stand.sessions.answer(call, "{\"stayed\":1}");
            Heard first = client.next();
            assertThat(first.text()).contains("stayed");
            client.end();
            eventually("its place is free", () -> stand.limits.open() == 0);
        }
    }

    @Test
    void whoTakesUpAStreamElsewhereIsNotAnsweredTwice() throws Exception {
        Session session = session(LATEST);
        SseClient client = stream(session, request(1, "tools/call"));
        Accepted call = slow();
        String id = client.event().id();

        SseClient again = stand.listen("/mcp", "Mcp-Session-Id", session.id(), "Last-Event-ID", id);
        assertThat(client.end().kind()).isEqualTo(Kind.END);
        stand.sessions.answer(call, "{\"once\":1}");
        assertThat(again.until(it -> it.text().contains("once"))).isNotEmpty();
    }
}
