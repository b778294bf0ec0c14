package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a Redis Cluster, of one server; three of them are in {@code scripts/redis-shapes}. */
class RedisClusterLogTest extends LogContract {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static RedisServer redis;
    private static Vertx vertx;
    private static int opened;

    @BeforeAll
    static void startRedis() {
        redis = Options.plain().withAppendOnlyFile().asCluster().start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopRedis() {
        get(vertx.close());
        redis.close();
    }

    @Override
    RedisLog open(Retention retention) {
        RedisOptions options =
                new RedisOptions().setType(RedisClientType.CLUSTER).setConnectionString(redis.uri());
        RedisLink link = new RedisLink(vertx, new RedisLink.Settings(options, Duration.ofSeconds(5), PATIENCE, 10_000));
        get(link.start());
        return new RedisLog(link, "cluster" + opened++, HERE, PATIENCE, retention);
    }

    @Override
    void after(Duration time, ThrowingCallable fact) {
        eventually(fact);
    }

    @Test
    void keepsTheOrderOfEachStreamThroughAKill() {
        logKeeping(MANY);
        List<Future<Appended>> landed = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (i == 150) {
                redis.kill();
            }
            landed.add(log.append(new Append(i % 2 == 0 ? "even" : "odd", events("" + i), "k" + i, null)));
        }
        redis.restart();
        get(Future.all(landed));

        for (String stream : List.of("even", "odd")) {
            assertThat(all(stream)).hasSize(200).isSorted();
        }
    }

    /** Over the end of a page too: a server that was started again begins a new epoch, and so a new page. */
    private List<Integer> all(String stream) {
        List<Integer> numbers = new ArrayList<>();
        Page page = get(log.read(stream, null, MANY));
        while (!page.events().isEmpty()) {
            assertThat(page.gap()).isNull();
            data(page).forEach(number -> numbers.add(Integer.parseInt(number)));
            page = get(log.read(stream, page.end(), MANY));
        }
        return numbers;
    }

    @Test
    void bringsAlongAScriptThatTheServerForgot() {
        logKeeping(MANY);
        append("a");

        redis.flushScripts();
        append("b");

        assertThat(data(read(null))).containsExactly("a", "b");
    }
}
