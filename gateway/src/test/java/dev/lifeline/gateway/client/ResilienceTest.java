package dev.lifeline.gateway.client;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.client.SourceState.Phase;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.retry.Jitter;
import dev.lifeline.retry.ReconnectPolicy;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a source does when its stream is lost, by the names people ask for it. */
class ResilienceTest {

    private static final ReconnectPolicy QUICK = policy(10, 100, ReconnectPolicy.UNLIMITED);

    private final Vertx vertx = Vertx.vertx();
    private final FakeSource server = FakeSource.start();
    private final Notes notes = new Notes();

    @AfterEach
    void end() {
        await(vertx.close());
        server.close();
    }

    private static ReconnectPolicy policy(int initial, int max, int most) {
        return new ReconnectPolicy(Duration.ofMillis(initial), Duration.ofMillis(max), Jitter.NONE, most);
    }

    private EventSourceOptions options() {
        return EventSourceOptions.of(server.url()).retrying(QUICK);
    }

    private EventSource open(EventSourceOptions options) {
        EventSource source = EventSource.open(vertx, options, notes);
        notes.reaches(Phase.CONNECTED);
        eventually("it is there", () -> server.connections() == 1);
        return source;
    }

    @Test
    void anUpstreamThatDisconnectsIsReconnectedToAndNothingIsMissing() {
        EventSource source = open(options());
        server.send("one");
        notes.has(1);
        server.cut();
        server.send("two");
        notes.has(2);
        server.stop();
        notes.reaches(Phase.RECONNECTING, 4);
        server.begin();
        server.send("three");
        notes.has(3);

        assertThat(notes.data()).containsExactly("one", "two", "three");
        assertThat(source.lastEventId()).isEqualTo("3");
        assertThat(notes.states.get(0).phase()).isEqualTo(Phase.CONNECTING);
        assertThat(source.state().phase()).isEqualTo(Phase.CONNECTED);
    }

    @Test
    void whoWantsNothingButEventsIsToldNothingElse() {
        List<String> events = new CopyOnWriteArrayList<>();
        server.does(request -> request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .write("id: 1\nevent: gap\ndata: {}\n\nid: 2\ndata: one\n\n"));

        EventSource source = EventSource.open(vertx, options(), event -> events.add(event.data()));

        eventually("it has come", () -> !events.isEmpty());
        assertThat(events).containsExactly("one");
        source.close();
    }

    @Test
    void aClientReconnectsWithItsLastEventId() {
        open(options().after("0"));
        assertThat(server.nextAsked()).isEqualTo("0");
        server.send("one");
        server.send("two");
        notes.has(2);
        server.cut();

        assertThat(server.nextAsked()).isEqualTo("2");
    }

    @Test
    void duplicatesAreFiltered() {
        Counting counted = new Counting();
        server.overlapping(2);
        EventSource.open(vertx, options(), counted, notes);
        eventually("it is there", () -> server.connections() == 1);
        for (int i = 1; i <= 3; i++) {
            server.send("event " + i);
        }
        notes.has(3);
        server.cut();
        notes.reaches(Phase.CONNECTED, 2);
        server.send("event 4");
        notes.has(4);

        assertThat(notes.data()).containsExactly("event 1", "event 2", "event 3", "event 4");
        assertThat(counted.repeated).isEqualTo(2);
    }

    @Test
    void theSameIdWithOtherDataIsNoDuplicate() {
        server.does(request -> request.response()
                .putHeader("Content-Type", "text/event-stream")
                .end("id: 1\ndata: of connection " + server.timesAsked() + "\n\n"));
        EventSource.open(vertx, options(), notes);
        notes.has(3);

        assertThat(notes.data()).startsWith("of connection 1", "of connection 2", "of connection 3");
    }

    @Test
    void delaysDoubleUpToTheLongest() {
        server.stop();
        EventSource.open(
                vertx, EventSourceOptions.of(server.url()).retrying(policy(2, 20, ReconnectPolicy.UNLIMITED)), notes);
        notes.reaches(Phase.RECONNECTING, 6);

        assertThat(delays()).startsWith(2L, 4L, 8L, 16L, 20L, 20L);
        assertThat(notes.states.stream()
                        .filter(state -> state.phase() == Phase.RECONNECTING)
                        .map(SourceState::attempt))
                .startsWith(1, 2, 3, 4, 5, 6);
    }

    private List<Long> delays() {
        return notes.states.stream()
                .filter(state -> state.phase() == Phase.RECONNECTING)
                .map(state -> state.delay().toMillis())
                .toList();
    }

    @Test
    void anEventMakesTheDelaysBeginAnew() {
        open(options());
        server.stop();
        notes.reaches(Phase.RECONNECTING, 3);
        server.begin();
        eventually("it is back", () -> server.connections() == 1);
        server.send("one");
        notes.has(1);
        int before = delays().size();
        server.cut();
        notes.reaches(Phase.RECONNECTING, before + 1);

        assertThat(delays().get(before)).isEqualTo(10);
    }

    @Test
    void theTimeAServerNamesIsMet() {
        server.does(request -> request.response()
                .setStatusCode(503)
                .putHeader("Retry-After", "7")
                .end());
        EventSource source = EventSource.open(vertx, options(), notes);
        notes.reaches(Phase.RECONNECTING);
        await(source.close());

        assertThat(delays()).containsExactly(7000L);
        assertThat(notes.last().phase()).isEqualTo(Phase.CLOSED);
    }

    @Test
    void whatIsThrottledIsAskedAgainAndWhatIsRefusedIsNot() {
        server.does(request -> request.response()
                .setStatusCode(server.timesAsked() < 3 ? 429 : 403)
                .end());
        EventSource.open(vertx, options(), notes);
        notes.reaches(Phase.FAILED);

        assertThat(notes.times(Phase.RECONNECTING)).isEqualTo(2);
        assertThat(notes.last().reason()).contains("403");
        assertThat(server.timesAsked()).isEqualTo(3);
    }

    @Test
    void whoHasTriedOftenEnoughGivesUp() {
        server.stop();
        EventSource.open(vertx, options().retrying(policy(1, 2, 3)), notes);
        notes.reaches(Phase.FAILED);

        assertThat(notes.times(Phase.RECONNECTING)).isEqualTo(3);
        assertThat(notes.last().reason()).startsWith("tried often enough: no connection");
    }

    @Test
    void aBudgetAllowsAFewMoreTries() {
        server.stop();
        EventSource.open(
                vertx,
                options().retrying(new EventSourceOptions.Retries(policy(1, 2, 2), 2, Duration.ofSeconds(30))),
                notes);
        notes.reaches(Phase.RECONNECTING, 5);

        assertThat(notes.times(Phase.FAILED)).isZero();
        assertThat(delays()).startsWith(1L, 2L, 2L, 2L);
        assertThat(delays().get(4)).isGreaterThan(20_000);
    }

    @Test
    void aSilentConnectionIsDeadAndMadeAnew() {
        EventSource.open(vertx, options().idleAfter(Duration.ofMillis(300)), notes);
        notes.reaches(Phase.CONNECTED, 2);

        assertThat(delays().get(0)).isZero();
    }

    @Test
    void aCommentIsASignOfLife() {
        open(options().idleAfter(Duration.ofMillis(1500)));
        long begin = System.nanoTime();
        eventually("four times the bearable silence", () -> {
            server.say(": here\n");
            RunningGateway.pause(50);
            return System.nanoTime() - begin > Duration.ofSeconds(6).toNanos();
        });

        assertThat(notes.times(Phase.CONNECTED)).isOne();
    }

    @Test
    void manyReconnectAtOnceAndEachGetsAll() {
        List<Notes> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Notes its = new Notes();
            all.add(its);
            EventSource.open(vertx, options(), its);
        }
        eventually("all are there", () -> server.connections() == 50);
        for (int round = 0; round < 3; round++) {
            server.send("before " + round);
            int sent = 2 * round + 1;
            all.forEach(its -> its.has(sent));
            server.cut();
            server.send("after " + round);
            all.forEach(its -> its.has(sent + 1));
            eventually("all are back", () -> server.connections() == 50);
        }

        assertThat(all)
                .allSatisfy(its -> assertThat(its.data())
                        .containsExactly("before 0", "after 0", "before 1", "after 1", "before 2", "after 2"));
    }

    @Test
    void aLocalReconnectTakesLessThanATenthOfASecondBeyondItsDelay() {
        open(options().retrying(policy(1, 1, ReconnectPolicy.UNLIMITED)));
        server.send("warm");
        notes.has(1);
        long best = Long.MAX_VALUE;
        for (int i = 2; i < 7; i++) {
            long begin = System.nanoTime();
            server.cut();
            server.send("again");
            notes.has(i);
            best = Math.min(best, System.nanoTime() - begin);
        }

        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aGatewaysVerdictOnAGapIsNoEvent() {
        open(options());
        server.sendLines("event: gap\ndata: {\"reason\":\"evicted\"}");
        server.send("next");
        notes.has(1);

        assertThat(notes.gaps).containsExactly(new SourceEvent("1", true, "gap", "{\"reason\":\"evicted\"}"));
    }

    @Test
    void whoPausesIsNotFlooded() {
        EventSource source = open(options());
        source.pause();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 300; i++) {
            server.send(large);
        }
        RunningGateway.pause(200);
        int read = notes.events.size();
        source.resume();
        notes.has(300);

        assertThat(read).isLessThan(30);
    }

    @Test
    void aPausedSourceIsNotTakenForIdleAndGoesOn() {
        EventSource source = open(options().idleAfter(Duration.ofMillis(500)));
        server.send("one");
        notes.has(1);
        source.pause();
        RunningGateway.pause(1000);
        assertThat(notes.times(Phase.CONNECTED)).isOne();
        server.cut();
        source.resume();
        server.send("two");
        notes.has(2);

        assertThat(notes.data()).containsExactly("one", "two");
    }

    @Test
    void anotherOriginIsNotFollowed() {
        try (FakeSource elsewhere = FakeSource.start()) {
            server.does(request -> request.response()
                    .setStatusCode(307)
                    .putHeader("Location", elsewhere.url().toString())
                    .end());
            EventSource.open(vertx, options().token("secret"), notes);
            notes.reaches(Phase.FAILED);

            assertThat(notes.last().reason()).contains("another origin");
            assertThat(elsewhere.timesAsked()).isZero();
        }
    }

    @Test
    void aListenerThatThrowsEndsTheSource() {
        EventSource source = EventSource.open(vertx, options(), event -> {
            throw new IllegalStateException("broken");
        });
        eventually("it is there", () -> server.connections() == 1);
        server.send("one");

        eventually("it is over", () -> source.state().phase() == Phase.FAILED);
    }

    @Test
    void whatIsClosedBeforeItBeganNeverBegins() {
        EventSource source = EventSource.open(vertx, options(), notes);
        await(source.close());

        assertThat(notes.last().phase()).isEqualTo(Phase.CLOSED);
        assertThat(source.state().isOver()).isTrue();
    }

    @Test
    void whatIsClosedWhileItStandsTellsNothingElse() {
        EventSource source = open(options());
        int before = notes.states.size();
        await(source.close());
        await(source.close());

        assertThat(notes.states).hasSize(before + 1);
        eventually("the server has seen it go", () -> server.connections() == 0);
    }

    @Test
    void optionsPrintNoSecret() {
        EventSourceOptions options = EventSourceOptions.of(URI.create("https://host/x?key=secret"))
                .token("secret")
                .header("X-Key", "secret");

        assertThat(options.toString()).doesNotContain("secret").contains("https://host/x");
        assertThat(options.headers()).containsEntry("authorization", "Bearer secret");
    }

    /** Counts repetitions. */
    private static final class Counting implements StreamMetrics {

        private volatile int repeated;

        @Override
        public void deduplicated(int events) {
            repeated += events;
        }
    }
}
