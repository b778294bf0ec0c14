package dev.lifeline.gateway.migration;

import static dev.lifeline.gateway.redis.Facts.failure;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The census in Redis keeps the contract, with a real server; and what befalls that server. */
class RedisCensusTest extends CensusContract {

    private static RedisServer redis;
    private static Vertx vertx;
    private static int opened;

    private final List<RedisLink> links = new ArrayList<>();
    private String prefix;

    @BeforeAll
    static void startRedis() {
        redis = Options.plain().withAppendOnlyFile().start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopRedis() {
        get(vertx.close());
        redis.close();
    }

    @AfterEach
    void closeLinks() {
        links.forEach(link -> get(link.close()));
    }

    @Override
    Census open() {
        prefix = "test" + opened++;
        return node();
    }

    private Census node() {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        RedisLink link = new RedisLink(
                vertx, new RedisLink.Settings(options, Duration.ofSeconds(5), Duration.ofSeconds(5), 10_000));
        get(link.start());
        links.add(link);
        return new RedisCensus(link, prefix, BOUNDS);
    }

    @Test
    void nodesSeeTheSame() {
        Census there = node();
        get(census.add(List.of(seen(guest("a"), "", now, 1))));
        get(there.add(List.of(seen(guest("a"), "", now, 1))));

        assertThat(get(there.entries())).isEqualTo(get(census.entries())).containsExactly(seen(guest("a"), "", now, 2));
    }

    @Test
    void survivesARestart() {
        get(census.add(List.of(seen(guest("a"), "", now, 1))));

        redis.stop();
        redis.restart();

        assertThat(get(node().entries())).hasSize(1);
    }

    @Test
    void leavesNoKeyWithoutAnEnd() {
        get(census.add(List.of(seen(guest("a"), "", now, 1))));

        assertThat(redis.keys(prefix + ":"))
                .hasSize(2)
                .allSatisfy(key -> assertThat((Long) redis.ask("PTTL", key)).isPositive());
    }

    @Test
    void whatAServerThatIsAwayDidNotGetIsToldLater() {
        Tally tally = new Tally(census, 10);
        tally.note(seen(guest("a"), "", now, 1));
        redis.stop();
        assertThat(failure(tally.flush())).isInstanceOf(LogUnavailable.class);
        tally.note(seen(guest("a"), "", now, 1));
        redis.restart();

        Census back = node();
        Tally again = new Tally(back, 10);
        again.note(seen(guest("b"), "", now, 1));
        get(again.flush());
        dev.lifeline.gateway.redis.Facts.eventually(() -> get(tally.flush()));

        assertThat(get(back.entries()))
                .containsExactlyInAnyOrder(seen(guest("a"), "", now, 2), seen(guest("b"), "", now, 1));
    }
}
