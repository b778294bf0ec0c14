package dev.lifeline.gateway.feed;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.feed.FeedLease.Standing;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may follow a source, by a real Redis. */
class RedisLeaseTest {

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.plain();
    private final RedisLink link = new RedisLink(
            vertx,
            new RedisLink.Settings(
                    new RedisOptions().setConnectionString(redis.uri()),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    1000));

    @BeforeEach
    void begin() {
        await(link.start());
    }

    @AfterEach
    void end() {
        await(link.close());
        await(vertx.close());
        redis.close();
    }

    private FeedLease lease(Duration length) {
        return new RedisLease(new Feeds.Shared(link, "test", length, Duration.ofMinutes(1)), "channel:a");
    }

    @Test
    void oneHasItAndKeepsIt() {
        FeedLease one = lease(Duration.ofMinutes(1));
        FeedLease two = lease(Duration.ofMinutes(1));

        assertThat(await(one.hold())).isEqualTo(new Standing(true, 1, null));
        assertThat(await(two.hold()).held()).isFalse();
        assertThat(await(one.keep(1, "41"))).isTrue();
        assertThat(await(one.hold())).isEqualTo(new Standing(true, 1, "41"));
    }

    @Test
    void whenItLapsesAnotherTakesItWithThePositionAndTheFirstIsShutOut() {
        FeedLease one = lease(Duration.ofMillis(100));
        FeedLease two = lease(Duration.ofMinutes(1));
        await(one.hold());
        await(one.keep(1, "41"));

        eventually("it is taken", () -> await(two.hold()).held());
        assertThat(await(two.hold())).isEqualTo(new Standing(true, 2, "41"));
        assertThat(await(one.keep(1, "42"))).isFalse();
        assertThat(await(one.hold()).held()).isFalse();
        assertThat(await(two.hold()).position()).isEqualTo("41");
    }

    @Test
    void whoLetsGoIsFollowedAtOnceAndWhoHasItNotLetsGoOfNothing() {
        FeedLease one = lease(Duration.ofMinutes(1));
        FeedLease two = lease(Duration.ofMinutes(1));
        await(one.hold());
        await(two.release());
        assertThat(await(two.hold()).held()).isFalse();
        await(one.release());

        assertThat(await(two.hold())).isEqualTo(new Standing(true, 2, null));
    }
}
