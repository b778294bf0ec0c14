package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an upstream said is kept, and in order, though the log be away for a while. */
class PublisherTest {

    private static final String STREAM = "mcp:s";
    private static final Duration DAY = Duration.ofDays(1);

    private final MemoryLog kept =
            new MemoryLog(new Retention(1000, 1_000_000, DAY, DAY, DAY), 100, "a", InstantSource.system());
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<Promise<Object>> slow = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final Publisher publisher = new Publisher(
            new VertxTime(vertx),
            new Hub(sometimesAway(), Relay.NOWHERE, GatewayMetrics.NONE, new Hub.Settings("a", 10, 1000, DAY)),
            "p.");

    private Log sometimesAway() {
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append") && away.get()) {
                        refused.incrementAndGet();
                        return Future.failedFuture(new LogUnavailable("away"));
                    }
                    Promise<Object> answer = method.getName().equals("append") ? slow.poll() : null;
                    if (answer != null) {
                        return answer.future();
                    }
                    return method.invoke(kept, arguments);
                });
    }

    @AfterEach
    void end() {
        await(vertx.close());
    }

    private static Event event(String data) {
        return new Event("message", data);
    }

    private List<String> stream() {
        return await(kept.read(STREAM, null, 100)).events().stream()
                .map(Event::data)
                .toList();
    }

    @Test
    void oneKeyLandsOnce() {
        assertThat(await(publisher.publish(STREAM, event("a"), "k"))).isTrue();
        assertThat(await(publisher.publish(STREAM, event("b"), "k"))).isFalse();

        assertThat(stream()).containsExactly("a");
    }

    @Test
    void whatHasNoKeyIsNeverTakenForARepetition() {
        await(publisher.publish(STREAM, event("a")));
        await(publisher.publish(STREAM, event("a")));

        assertThat(stream()).containsExactly("a", "a");
    }

    @Test
    void whatFailsLateIsNotOvertaken() {
        Promise<Object> answer = Promise.promise();
        slow.add(answer);
        publisher.publish(STREAM, event("a"));
        Future<Boolean> second = publisher.publish(STREAM, event("b"));

        answer.fail(new LogUnavailable("no answer"));

        assertThat(await(second)).isTrue();
        assertThat(stream()).containsExactly("a", "b");
    }

    @Test
    void nothingIsLostOrTurnedRoundWhileTheLogIsAway() {
        away.set(true);
        Future<Boolean> first = publisher.publish(STREAM, event("a"));
        Future<Boolean> second = publisher.publish(STREAM, event("b"));
        eventually("tried again", () -> refused.get() >= 2);
        Future<Boolean> third = publisher.publish(STREAM, event("c"));
        assertThat(first.isComplete()).isFalse();

        away.set(false);

        assertThat(await(first)).isTrue();
        assertThat(await(second)).isTrue();
        assertThat(await(third)).isTrue();
        assertThat(stream()).containsExactly("a", "b", "c");
        await(publisher.publish(STREAM, event("d")));
        assertThat(stream()).endsWith("d");
    }
}
