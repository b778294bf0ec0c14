package dev.lifeline.gateway.feed;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.client.EventSourceOptions;
import dev.lifeline.gateway.client.FakeSource;
import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A store that shuts a node out, and a moment later has it again under the same fence. */
class ForgottenTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void theNodeFollowsTheSourceAnewFromWhereItWas() {
        Vertx vertx = Vertx.vertx();
        MemoryLog log =
                new MemoryLog(new Retention(100, 100_000, LONG, LONG, LONG), 10, "node", InstantSource.system());
        Hub hub = new Hub(log, Relay.NOWHERE, GatewayMetrics.NONE, new Hub.Settings("node", 100, 100_000, LONG));
        try (FakeSource source = FakeSource.start()) {
            Feeds.Settings settings =
                    new Feeds.Settings("a", EventSourceOptions.of(source.url()), 1000, StreamMetrics.NONE);
            Forgetful lease = new Forgetful();
            Feed feed = new Feed(vertx, hub, settings, lease);
            feed.start();
            assertThat(source.nextAsked()).isEmpty();
            eventually("the source is followed", () -> source.connections() == 1);
            lease.forgets.set(true);
            source.send("one");

            assertThat(source.nextAsked()).isEqualTo("1");
            eventually("it is followed again", () -> source.connections() == 1);
            source.send("two");
            eventually(
                    "both are there",
                    () -> await(log.read("channel:a", null, 10))
                            .events()
                            .equals(List.of(Event.message("one"), Event.message("two"))));
            await(feed.close());
        } finally {
            await(vertx.close());
        }
    }

    /** A lease that is denied once. */
    private static final class Forgetful implements FeedLease {

        private final AtomicBoolean forgets = new AtomicBoolean();

        @Override
        public Future<Standing> hold() {
            return Future.succeededFuture(new Standing(true, 1, null));
        }

        @Override
        public Future<Boolean> keep(long fence, String position) {
            // Not when the source is only said to be there: that may be late, and is no event's.
            boolean denied = position != null && !position.isEmpty() && forgets.getAndSet(false);
            return Future.succeededFuture(!denied);
        }

        @Override
        public Future<Void> release() {
            return Future.succeededFuture();
        }

        @Override
        public Duration length() {
            return Duration.ofMillis(300);
        }
    }
}
