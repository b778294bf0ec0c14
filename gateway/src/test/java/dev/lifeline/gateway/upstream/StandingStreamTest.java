package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.fake.RunningGateway.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer.Arrival;
import dev.lifeline.gateway.session.Ending;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The upstream's own stream: kept, taken up again, and given up. */
class StandingStreamTest extends HttpStage {

    private void say(int number) {
        server.announce("notifications/message", new JsonObject().put("data", number));
    }

    private static List<Integer> heard(Told told) {
        return told.messages().stream()
                .map(message -> message.getJsonObject("params").getInteger("data"))
                .toList();
    }

    private void asksFor(int gets) {
        eventually("it asks again", () -> server.arrivals("GET").size() >= gets);
    }

    @Test
    void aStreamThatIsCutIsTakenUpAfterTheLastEvent() {
        server.eventIds(true);
        Told told = openAndListen();
        say(1);
        told.awaitCount(1);

        server.cutStandingStreams();
        say(2);
        told.awaitCount(2);
        say(3);

        assertThat(heard(told.awaitCount(3))).containsExactly(1, 2, 3);
        assertThat(told.all().get(0).eventId()).isEqualTo("standing_1");
        assertThat(server.arrivals("GET").get(1).headers().get("Last-Event-ID")).isEqualTo("standing_1");
        assertThat(counted.back.get()).isEqualTo(1);
        assertThat(counted.ended.get()).isEqualTo(1);
        assertThat(told.interruptions()).isEqualTo(1);
    }

    @Test
    void anotherNodeListensOnFromWhereThisOneWas() {
        server.eventIds(true);
        Told here = openAndListen();
        say(1);
        say(2);
        here.awaitCount(2);
        link.release();

        link = upstream.link("session", state);
        Told there = new Told();
        link.listen(here.all().get(0).eventId(), there);

        assertThat(heard(there.awaitCount(1))).containsExactly(2);
        assertThat(here.endings()).isEmpty();
    }

    @Test
    void aStreamThatEndsProperlyIsAskedForAgainToo() {
        Told told = openAndListen();
        server.endStandingStreams();
        asksFor(2);
        listening();
        say(1);

        assertThat(heard(told.awaitCount(1))).containsExactly(1);
    }

    @Test
    void aSilentStreamIsTakenForDead() {
        waits(idleAfter(200));
        openAndListen();

        asksFor(3);
        assertThat(counted.back.get()).isGreaterThan(0);
    }

    @Test
    void heartbeatsKeepIt() {
        waits(idleAfter(400));
        Told told = openAndListen();
        for (int beat = 0; beat < 20; beat++) {
            server.babble(": still here\n");
            pause(50);
        }

        assertThat(server.arrivals("GET")).hasSize(1);
        assertThat(told.count()).isZero();
    }

    @Test
    void eventsSentAgainAreDropped() {
        Told told = openAndListen();
        String event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n";
        server.babble("id: a\n" + event + "id: b\n" + event);
        told.awaitCount(2);
        server.cutStandingStreams();
        asksFor(2);
        listening();
        server.babble("id: b\n" + event + "id: a\n" + event + "id: c\n" + event);

        assertThat(told.awaitCount(3).all().stream().map(Told.One::eventId)).containsExactly("a", "b", "c");
        assertThat(counted.repeated.get()).isEqualTo(2);
    }

    @Test
    void anEventSentAgainBehindItsOwnIdIsDropped() {
        Told told = openAndListen();
        String event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n";
        server.babble("id: a\n" + event);
        told.awaitCount(1);
        server.cutStandingStreams();
        asksFor(2);
        listening();
        server.babble("id: a\ndata: \n\nid: a\n" + event + "id: b\n" + event);

        assertThat(told.awaitCount(2).all().stream().map(Told.One::eventId)).containsExactly("a", "b");
        assertThat(counted.repeated.get()).isEqualTo(1);
    }

    @Test
    void eventsSentAgainUnderNewIdsAreDroppedToo() {
        Told told = openAndListen();
        String event = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":%d}}\n\n";
        server.babble("id: a\n" + event.formatted(1) + "id: b\n" + event.formatted(2) + "id: c\n" + event.formatted(3));
        told.awaitCount(3);
        server.cutStandingStreams();
        asksFor(2);
        listening();
        server.babble("id: x\n" + event.formatted(2) + "id: y\n" + event.formatted(3) + "id: d\n" + event.formatted(4));

        assertThat(heard(told.awaitCount(4))).containsExactly(1, 2, 3, 4);
        assertThat(counted.repeated.get()).isEqualTo(2);
    }

    @Test
    void aPositionIsPassedOn() {
        Told told = openAndListen();
        server.babble("id: here\n\nid: there\ndata:\n\ndata: no json\n\n");

        eventually("both", () -> told.positions().size() == 2);
        assertThat(told.positions()).containsExactly("here", "there");
    }

    @Test
    void aServerThatOffersNoStreamIsLeftInPeace() {
        open();
        server.refuseNext("GET", 405, "");
        Told told = new Told();
        link.listen(null, told);
        asksFor(1);
        ask(1, "echo").answer();

        assertThat(told.endings()).isEmpty();
        assertThat(server.arrivals("GET")).hasSize(1);
    }

    @Test
    void aServerWithoutSessionsHasNone() {
        server.sessions(false);
        open();
        assertThat(state.upstreamSession()).isNull();
        Told told = new Told();
        link.listen(null, told);
        asksFor(1);

        assertThat(ask(1, "echo", "text", "x").text()).isEqualTo("x");
        assertThat(told.endings()).isEmpty();
        await(link.close());
        assertThat(server.arrivals("DELETE")).isEmpty();
    }

    @Test
    void aForgottenSessionEndsIt() {
        Told told = openAndListen();
        server.forgetSessions();

        assertThat(told.ending()).isEqualTo(Ending.FORGOTTEN);
    }

    @Test
    void aServerThatRestartsIsWaitedFor() {
        Told told = openAndListen();
        server.kill();
        eventually("it was looked for", () -> counted.failed.get() > 0);
        server.restart();

        assertThat(told.ending()).isEqualTo(Ending.FORGOTTEN);
    }

    @Test
    void aServerThatStaysAwayIsLookedForNowAndThen() {
        Told told = openAndListen();
        server.kill();

        eventually("more than in a row", () -> counted.asked.get() > Calls.RETRIES.most() + 3);
        server.restart();
        assertThat(told.ending()).isEqualTo(Ending.FORGOTTEN);
    }

    @Test
    void aServerThatRefusesIsNotAskedAgain() {
        open();
        server.refuseNext("GET", 403, "");
        Told told = new Told();
        link.listen(null, told);

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(server.arrivals("GET")).hasSize(1);
    }

    @Test
    void anIdItWillNotGoOnAfterIsNotInsistedOn() {
        open();
        Told told = new Told();
        link.listen("nonsense", told);
        asksFor(2);
        listening();

        List<Arrival> gets = server.arrivals("GET");
        assertThat(gets.get(0).headers().get("Last-Event-ID")).isEqualTo("nonsense");
        assertThat(gets.get(1).headers().contains("Last-Event-ID")).isFalse();
        assertThat(told.endings()).isEmpty();
    }

    @Test
    void anIdOutsideAsciiIsSentAsItsBytes() {
        open();
        link.listen("ü→", new Told());
        asksFor(1);

        String sent = server.arrivals("GET").get(0).headers().get("Last-Event-ID");
        assertThat(new String(sent.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .isEqualTo("ü→");
    }

    @Test
    void aBusyServerIsAskedWhenItSaid() {
        open();
        server.refuseNext("GET", 429, "", "Retry-After", "1");
        long began = System.nanoTime();
        link.listen(null, new Told());
        listening();

        assertThat(System.nanoTime() - began).isGreaterThan(1_000_000_000L);
    }

    @Test
    void aStreamThatIsNoneEndsIt() {
        Told told = openAndListen();
        server.babble("data: " + "x".repeat(5 << 20));

        assertThat(told.ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void whoIsSlowIsToldNoMoreByTheNextConnectionEither() {
        server.eventIds(true);
        Told told = openAndListen();
        told.slow();
        for (int i = 0; i < 300; i++) {
            say(i);
        }
        told.awaitCount(64);
        server.cutStandingStreams();
        told.keepAll();
        listening();

        assertThat(heard(told.awaitCount(300)))
                .containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
    }

    @Test
    void anAnswerNobodyWaitsForIsNotTold() {
        Told told = openAndListen();
        server.babble("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        say(1);

        assertThat(heard(told.awaitCount(1))).containsExactly(1);
    }

    @Test
    void theNewestListenerIsTheOne() {
        Told first = openAndListen();
        Told second = new Told();
        link.listen(null, second);
        asksFor(2);
        listening();
        say(1);

        assertThat(heard(second.awaitCount(1))).containsExactly(1);
        assertThat(first.count()).isZero();
        assertThat(first.endings()).isEmpty();
    }
}
