package dev.lifeline.gateway.clustered;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/** Three nodes as they are in the field, processes, and the three things that befall processes: TERM, KILL and STOP. */
class ProcessesTest {

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int SOME = 50;

    /** Longer than it takes the others to put a silent node out of the cluster. */
    private static final Duration FREEZE = Duration.ofSeconds(8);

    private final AtomicBoolean publishing = new AtomicBoolean(true);
    private RedisServer redis;
    private NodeProcess a;
    private NodeProcess b;
    private NodeProcess c;

    @RegisterExtension
    private final TestWatcher watcher = new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            System.err.println(lastWords);
        }
    };

    private String lastWords = "";

    @BeforeEach
    void start() {
        redis = RedisServer.plain();
        // So seldom that nobody waits for it: the relay carries, and what it loses it makes good itself.
        // And a buffer that holds what is published during the freeze: what falls out of it is another test's matter.
        String[] options = {
            "--position-check-interval",
            "10m",
            "--drain-timeout",
            "1s",
            "--buffer-size",
            "100000",
            "--buffer-bytes",
            "64MiB"
        };
        a = new NodeProcess(redis, options);
        b = new NodeProcess(redis, options);
        c = new NodeProcess(redis, options);
        nodes().forEach(node -> node.awaitJoined(3));
    }

    @AfterEach
    void stop() {
        publishing.set(false);
        lastWords = String.join("\n----\n", nodes().map(NodeProcess::output).toList());
        nodes().forEach(NodeProcess::close);
        redis.close();
    }

    private Stream<NodeProcess> nodes() {
        return Stream.of(a, b, c);
    }

    /** Publishes 0, 1, 2 ... until told to stop, and comes to how many were accepted. */
    private CompletableFuture<Integer> publishOn(NodeProcess node) {
        return CompletableFuture.supplyAsync(() -> {
            int next = 0;
            while (publishing.get()) {
                if (node.publish("p", Integer.toString(next)) != 202) {
                    throw new AssertionError("refused");
                }
                next++;
                RunningGateway.pause(PAUSE.toMillis());
            }
            return next;
        });
    }

    private static List<String> upTo(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private void endsWithAll(Follower follower, CompletableFuture<Integer> publisher) {
        publishing.set(false);
        int published = publisher.join();
        eventually("everything has arrived", () -> follower.count() >= published);
        assertThat(follower.texts()).isEqualTo(upTo(published));
    }

    private static void awaitMore(Follower follower) {
        int before = follower.count();
        eventually("events arrive", () -> follower.count() > before + SOME);
    }

    @Test
    void killedInTheMiddleNothingIsLostAndNothingComesTwice() {
        try (Follower follower = new Follower(a.subscribe("p", null), id -> c.subscribe("p", id))) {
            CompletableFuture<Integer> publisher = publishOn(b);
            awaitMore(follower);

            long killed = System.nanoTime();
            a.kill();
            eventually("the stream is cut", () -> follower.ends().size() == 1);
            awaitMore(follower);

            endsWithAll(follower, publisher);
            long millis =
                    follower.millisToNextEvent(killed + Duration.ofMillis(1).toNanos());
            System.out.println("after kill -9 the next event came in " + millis + " ms");
            assertThat(millis).isLessThan(3000);
        }
    }

    @Test
    void terminatedItEndsItsStreamsCleanlyLeavesInTimeAndNothingIsLost() {
        try (Follower follower = new Follower(b.subscribe("p", null), id -> a.subscribe("p", id))) {
            CompletableFuture<Integer> publisher = publishOn(c);
            awaitMore(follower);

            int code = b.terminate(Duration.ofSeconds(10));
            awaitMore(follower);

            endsWithAll(follower, publisher);
            assertThat(code).isIn(0, 143);
            assertThat(follower.ends()).hasSize(1).allMatch(end -> end.is(Heard.Kind.END));
            assertThat(b.output()).doesNotContain("ERROR").contains("stopped");
        }
    }

    @Test
    void frozenAndThawedItCatchesUpAndLosesNothing() {
        try (Follower follower = new Follower(a.subscribe("p", null), id -> c.subscribe("p", id))) {
            CompletableFuture<Integer> publisher = publishOn(b);
            awaitMore(follower);

            a.freeze();
            RunningGateway.pause(FREEZE.toMillis());
            int before = follower.count();
            long thawed = System.nanoTime();
            a.thaw();
            eventually("it goes on", () -> follower.count() > before + FREEZE.dividedBy(PAUSE) / 8);
            System.out.println("after the thaw the next event came in " + follower.millisToNextEvent(thawed) + " ms");
            awaitMore(follower);

            endsWithAll(follower, publisher);
            assertThat(follower.ends()).isEmpty();
        }
    }
}
