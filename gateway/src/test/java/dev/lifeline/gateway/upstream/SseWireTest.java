package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The legacy stream: its endpoint, its loss, and its return. */
class SseWireTest extends HttpStage {

    @Override
    boolean legacy() {
        return true;
    }

    private Told listen() {
        Told told = new Told();
        link.listen(null, told);
        return told;
    }

    @Test
    void theEndpointIsKept() {
        open();

        assertThat(state.endpoint()).isEqualTo("/message?sessionId=session-1");
        assertThat(server.arrivals())
                .allSatisfy(arrival ->
                        assertThat(arrival.headers().get("X-Configured")).isEqualTo("always"));
    }

    @Test
    void anEndpointElsewhereIsRefusedAndNothingLeaves() {
        try (FakeMcpServer canary = FakeMcpServer.start()) {
            for (String evil : new String[] {
                canary.url().toString(),
                "//127.0.0.1:" + canary.url().getPort() + "/x",
                "file:///etc/passwd",
                "http://[x"
            }) {
                server.endpoint(evil);
                assertThat(LinkContract.ending(link.open(Calls.initialize()))).isEqualTo(Ending.REFUSED);
            }
            assertThat(canary.arrivals()).isEmpty();
            assertThat(server.arrivals("POST")).isEmpty();
        }
    }

    @Test
    void aStreamWithoutIdsThatIsCutIsTheEnd() {
        open();
        Told standing = listen();
        Told told = ask(1, "slow", "steps", 1000);
        server.cutStandingStreams();

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(standing.ending()).isEqualTo(Ending.LOST);
        assertThat(ask(2, "echo").ending()).isEqualTo(Ending.FORGOTTEN);
        assertThat(counted.ended.get()).isEqualTo(1);
    }

    @Test
    void aStreamWithIdsThatComesBackGoesOn() {
        server.eventIds(true);
        open();
        Told standing = listen();
        Told told = ask(1, "slow", "steps", 10, "millis", 30);
        told.awaitCount(2);
        server.refuseNext("GET", 503, "").cutStandingStreams();

        assertThat(told.text()).isEqualTo("done after 10");
        assertThat(told.count()).isEqualTo(11);
        assertThat(standing.endings()).isEmpty();
        assertThat(counted.back.get()).isEqualTo(1);
        assertThat(counted.failed.get()).isEqualTo(1);
    }

    @Test
    void aServerThatComesBackAsAnotherHasForgotten() {
        server.eventIds(true);
        open();
        Told standing = listen();
        server.kill().restart();

        assertThat(standing.ending()).isEqualTo(Ending.LOST);
        assertThat(LinkContract.open(link).state().generation()).isEqualTo(2);
        assertThat(ask(1, "echo", "text", "anew").text()).isEqualTo("anew");
    }

    @Test
    void aStreamThatIsRefusedOnReturnIsTheEnd() {
        server.eventIds(true);
        open();
        Told standing = listen();
        server.refuseNext("GET", 403, "").cutStandingStreams();

        assertThat(standing.ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void aServerWithoutAStreamIsNone() {
        server.refuseNext("GET", 405, "");

        assertThat(LinkContract.ending(link.open(Calls.initialize()))).isEqualTo(Ending.REFUSED);
    }

    @Test
    void anEndpointThatIsNeverNamedIsNotWaitedForForEver() {
        waits(new Waits(Calls.WAITS.connecting(), Duration.ofMillis(200), Calls.WAITS.idle(), Calls.WAITS.answering()));
        server.refuseNext("GET", 200, "", "Content-Type", "text/event-stream");
        assertThat(LinkContract.ending(link.open(Calls.initialize()))).isEqualTo(Ending.LOST);

        server.silentNext();
        assertThat(LinkContract.ending(link.open(Calls.initialize()))).isEqualTo(Ending.LOST);
    }

    @Test
    void aRefusedMessageIsHeardOfBothWays() {
        open();

        assertThat(refused(404, "")).isEqualTo(Ending.FORGOTTEN);
        assertThat(refused(500, "")).isEqualTo(Ending.LOST);
        assertThat(refused(403, "")).isEqualTo(Ending.REFUSED);
    }

    @Test
    void whatIsSaidBeforeAnybodyListensIsKept() {
        server.eventIds(true);
        open();
        server.babble("id: p\n\ndata: nonsense\n\n");
        for (int i = 1; i <= 70; i++) {
            server.announce("notifications/message", new JsonObject().put("data", i));
        }
        ask(1, "echo").answer();

        Told standing = listen();

        assertThat(standing.awaitCount(Pipe.MOST_EARLY).messages().get(0).encode())
                .contains("\"data\":7");
        assertThat(standing.count()).isEqualTo(Pipe.MOST_EARLY);
    }

    @Test
    void eventsSentAgainAreDropped() {
        open();
        Told standing = listen();
        String event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n";
        server.babble("id: a\n" + event + "id: b\n" + event + "id: a\n" + event + "id: c\n" + event);

        eventually("the last of it", () -> standing.count() > 2);
        assertThat(standing.count()).isEqualTo(3);
        assertThat(counted.repeated.get()).isEqualTo(1);
    }

    @Test
    void aLinkMadeAnewFindsNothing() {
        open();
        link = upstream.link("session", state);

        assertThat(ask(1, "echo").ending()).isEqualTo(Ending.FORGOTTEN);
        assertThat(listen().ending()).isEqualTo(Ending.FORGOTTEN);
        Told resumed = new Told();
        link.resume("1", "x", resumed);
        assertThat(resumed.ending()).isEqualTo(Ending.LOST);
        assertThat(LinkContract.ending(link.send(Calls.initialized()))).isEqualTo(Ending.FORGOTTEN);
        link.forget("1");
        link.release();
        assertThat(state).isNotEqualTo(LinkState.NONE);
    }
}
