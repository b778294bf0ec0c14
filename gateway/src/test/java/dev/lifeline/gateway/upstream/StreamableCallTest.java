package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.fake.FakeMcpServer.Arrival;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that break off, are refused, or come another way. */
class StreamableCallTest extends HttpStage {

    @Test
    void anAnswerThatBreaksOffIsTakenUpAfterTheLastEvent() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();

        server.cutNextAnswer(2);
        Told told = ask(1, "slow", "steps", 4, "key", "once");

        assertThat(told.text()).isEqualTo("done after 4");
        assertThat(progress(told)).containsExactly(1, 2, 3, 4);
        assertThat(server.executions("once")).isEqualTo(1);
        assertThat(counted.back.get()).isEqualTo(1);
    }

    private static List<Integer> progress(Told told) {
        return told.messages().stream()
                .filter(message -> "notifications/progress".equals(message.getString("method")))
                .map(message -> message.getJsonObject("params").getInteger("progress"))
                .toList();
    }

    @Test
    void itIsAskedForAgainUntilTheServerIsBack() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        server.cutNextAnswer(2)
                .refuseNext("GET", 503, "")
                .refuseNext("GET", 429, "")
                .hangUpOnNext("GET");

        Told told = ask(1, "slow", "steps", 3);

        assertThat(told.text()).isEqualTo("done after 3");
        assertThat(counted.failed.get()).isEqualTo(3);
        assertThat(counted.asked.get()).isEqualTo(4);
    }

    @Test
    void itIsLostWhenItCannotBeTakenUp() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        server.cutNextAnswer(2).refuseNext("GET", 400, "");

        assertThat(ask(1, "slow", "steps", 3).ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void itIsLostWhenItWasTriedOftenEnough() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        server.cutNextAnswer(2);
        for (int i = 0; i < Calls.RETRIES.most(); i++) {
            server.refuseNext("GET", 503, "");
        }

        assertThat(ask(1, "slow", "steps", 3).ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void anAnswerWithoutIdsThatBreaksOffIsLostAtOnce() {
        server.answers(FakeMcpServer.Style.SSE);
        open();
        server.cutNextAnswer(1);

        Told told = ask(1, "slow", "steps", 3, "key", "cut");

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(server.executions("cut")).isEqualTo(1);
        assertThat(server.arrivals("GET")).isEmpty();
    }

    @Test
    void anAnswerInJsonThatBreaksOffIsLost() {
        open();
        server.cutNextAnswer(0);

        assertThat(ask(1, "echo", "text", "x", "key", "cut").ending()).isEqualTo(Ending.LOST);
        assertThat(server.executions("cut")).isEqualTo(1);
    }

    @Test
    void aServerThatClosesOnPurposeIsAskedAgainWhenItSaid() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        server.closeNextEarly(150);

        long began = System.nanoTime();
        Told told = ask(1, "echo", "text", "later");

        assertThat(told.text()).isEqualTo("later");
        assertThat(told.pauses()).containsExactly(150L);
        assertThat(told.positions()).isNotEmpty();
        assertThat(System.nanoTime() - began).isGreaterThan(150_000_000L);
    }

    @Test
    void anotherNodeGoesOnWithWhatThisOneAsked() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        Told here = ask(1, "slow", "steps", 5, "millis", 100, "key", "handed over");
        here.awaitCount(2);
        String last = here.all().get(1).eventId();
        link.release();

        Link other = upstream.link("session", state);
        Told there = new Told();
        other.resume("1", last, there);

        assertThat(there.text()).isEqualTo("done after 5");
        assertThat(progress(there)).containsExactly(3, 4, 5);
        assertThat(here.text())
                .as("what is under way comes to its end, also after the link was let go of")
                .isEqualTo("done after 5");
        assertThat(server.executions("handed over")).isEqualTo(1);
        await(other.close());
    }

    @Test
    void withoutAnEventToGoOnAfterThereIsNoGoingOn() {
        open();
        Told told = new Told();
        link.resume("1", null, told);

        assertThat(told.ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void anAnswerMayComeByTheStandingStream() {
        Told standing = openAndListen();
        server.answers(FakeMcpServer.Style.STANDING);

        Told told = ask(1, "echo", "text", "the long way");

        assertThat(told.text()).isEqualTo("the long way");
        assertThat(standing.count()).isZero();
    }

    @Test
    void eventsSentAgainAreDropped() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();
        String note = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}";
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
        server.babbleNext("id: a\ndata: " + note + "\n\nid: b\ndata: " + note + "\n\nid: a\ndata: " + note
                + "\n\ndata: " + note + "\n\nid: c\ndata: " + answer + "\n\n");

        Told told = ask(1, "echo");

        assertThat(told.ending()).isEqualTo(Ending.DONE);
        assertThat(told.all().stream().map(one -> String.valueOf(one.eventId())))
                .containsExactly("a", "b", "null", "c");
        assertThat(counted.repeated.get()).isEqualTo(1);
    }

    @Test
    void whatIsNoMessageIsPassedOver() {
        server.answers(FakeMcpServer.Style.SSE);
        open();
        server.babbleNext(
                "data: hello\n\nevent: ping\ndata: {}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}\n\n"
                        + "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");

        Told told = ask(1, "echo");

        assertThat(told.ending()).isEqualTo(Ending.DONE);
        assertThat(told.count()).isEqualTo(1);
    }

    @Test
    void anEventLargerThanIsTakenLosesTheAnswer() {
        server.answers(FakeMcpServer.Style.SSE).eventIds(true);
        open();

        assertThat(ask(1, "large", "bytes", 5 << 20).ending()).isEqualTo(Ending.LOST);
        server.answers(FakeMcpServer.Style.JSON);
        assertThat(ask(2, "large", "bytes", 5 << 20).ending()).isEqualTo(Ending.LOST);
        assertThat(ask(3, "echo", "text", "still here").text()).isEqualTo("still here");
    }

    @Test
    void refusalsSayWhetherItMayHaveRun() {
        open();

        assertThat(refused(404, "")).isEqualTo(Ending.FORGOTTEN);
        assertThat(refused(401, "")).isEqualTo(Ending.REFUSED);
        assertThat(refused(429, "")).isEqualTo(Ending.REFUSED);
        assertThat(refused(503, "busy")).isEqualTo(Ending.REFUSED);
        assertThat(refused(500, "oops")).isEqualTo(Ending.LOST);
        assertThat(server.executions("refused")).isZero();
    }

    @Test
    void anAnswerThatIsNoneIsLost() {
        open();
        server.refuseNext("POST", 200, "<html>");
        assertThat(ask(1, "echo").ending()).isEqualTo(Ending.LOST);
        server.refuseNext("POST", 200, "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}");
        assertThat(ask(2, "echo").ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void serversThatSayBadRequestWhereASessionIsUnknownAreUnderstood() {
        open();
        String error =
                "{\"jsonrpc\":\"2.0\",\"id\":\"server-error\",\"error\":{\"code\":-32600,\"message\":\"No valid Session ID\"}}";

        assertThat(refused(400, error)).isEqualTo(Ending.FORGOTTEN);
    }

    @Test
    void anErrorWithAStatusIsAnAnswer() {
        open();
        server.refuseNext(
                "POST", 400, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32602,\"message\":\"so not\"}}");

        JsonObject answer = ask("mine", "echo").answer();

        assertThat(answer.getString("id")).isEqualTo("mine");
        assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }

    @Test
    void aConnectionLostBeforeTheAnswerMayHaveRun() {
        open();
        server.hangUpOnNext("POST");

        assertThat(ask(1, "echo").ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void aServerThatIsGoneWasNotAsked() {
        open();
        server.kill();

        // The first may still go out on a connection whose end nobody has seen yet.
        eventually("nothing is sent", () -> ask(1, "echo").ending() == Ending.NOT_SENT);
        server.restart();
        assertThat(ask(2, "echo").ending()).isEqualTo(Ending.FORGOTTEN);
        open();
        assertThat(ask(3, "echo", "text", "back").text()).isEqualTo("back");
    }

    @Test
    void anAnswerNobodyGivesIsWaitedForOnlySoLong() {
        waits(new Waits(Calls.WAITS.connecting(), Calls.WAITS.opening(), Calls.WAITS.idle(), Duration.ofMillis(200)));
        open();
        server.delay(60_000);

        assertThat(ask(1, "echo").ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void forgettingEndsTheRequestAtTheServer() {
        open();
        server.delay(60_000);
        Told told = ask(1, "echo", "key", "given up");
        eventually("it runs", () -> server.executions("given up") == 1);

        link.forget("1");

        eventually("the server knows", () -> server.abandoned() == 1);
        assertThat(told.endings()).isEmpty();
    }

    @Test
    void everyRequestSaysWhichConversationItIs() {
        openAndListen();
        ask(1, "echo").answer();
        await(link.close());

        assertThat(server.arrivals())
                .allSatisfy(arrival ->
                        assertThat(arrival.headers().get("X-Configured")).isEqualTo("always"));
        List<Arrival> later = server.arrivals().subList(1, server.arrivals().size());
        assertThat(later).allSatisfy(arrival -> {
            assertThat(arrival.headers().get("Mcp-Session-Id")).isEqualTo("session-1");
            assertThat(arrival.headers().get("MCP-Protocol-Version")).isEqualTo("2025-06-18");
        });
        assertThat(server.arrivals("POST"))
                .allSatisfy(arrival ->
                        assertThat(arrival.headers().get("Accept")).isEqualTo("application/json, text/event-stream"));
        assertThat(server.arrivals("DELETE")).hasSize(1);
        assertThat(server.sessionsHeld()).isZero();
    }

    @Test
    void aPlaceThatHasMovedIsRemembered() {
        server.refuseNext("POST", 307, "", "Location", "/mcp");
        waitsAt("/old/place");
        open();
        ask(1, "echo").answer();

        assertThat(state.endpoint()).isEqualTo("/mcp");
        assertThat(server.arrivals().stream().filter(a -> a.path().equals("/old/place")))
                .hasSize(1);
        Link other = upstream.link("session", state);
        Told told = new Told();
        other.request(Calls.call(2, "echo", "text", "there"), told);
        assertThat(told.text()).isEqualTo("there");
    }

    private void waitsAt(String path) {
        await(upstream.close());
        upstream = upstream(URI.create("http://127.0.0.1:" + server.url().getPort() + path), Calls.WAITS);
        link = upstream.link("session", LinkState.NONE);
    }

    @Test
    void nothingIsSentOnToAnotherOrigin() {
        try (FakeMcpServer canary = FakeMcpServer.start()) {
            open();

            assertThat(refused(307, "", "Location", canary.url().toString())).isEqualTo(Ending.REFUSED);
            assertThat(refused(308, "", "Location", "file:///etc/passwd")).isEqualTo(Ending.REFUSED);
            assertThat(refused(307, "", "Location", "http://[oops")).isEqualTo(Ending.REFUSED);
            assertThat(refused(302, "", "Location", "/mcp")).isEqualTo(Ending.REFUSED);
            assertThat(canary.arrivals()).isEmpty();
        }
    }

    @Test
    void noBeginningIsABeginningThatFails() {
        server.refuseNext("POST", 404, "");
        assertThat(LinkContract.ending(link.open(Calls.initialize()))).isEqualTo(Ending.REFUSED);

        server.refuseNext("POST", 200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32602,\"message\":\"no\"}}");
        Link.Opened opened = await(link.open(Calls.initialize()));
        assertThat(opened.state().isOpen()).isFalse();
        assertThat(opened.answer().text()).contains("-32602");
    }

    @Test
    void noticesAreRefusedLikeRequests() {
        open();
        server.refuseNext("POST", 404, "");
        assertThat(LinkContract.ending(link.send(Calls.initialized()))).isEqualTo(Ending.FORGOTTEN);
        server.refuseNext("POST", 500, "");
        assertThat(LinkContract.ending(link.send(Calls.initialized()))).isEqualTo(Ending.LOST);
        server.refuseNext("POST", 204, "");
        await(link.send(Calls.initialized()));
    }
}
