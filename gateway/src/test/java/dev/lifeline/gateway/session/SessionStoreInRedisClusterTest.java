package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.RedisLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a Redis Cluster, of one server: it refuses every script whose keys are not of one slot. */
class SessionStoreInRedisClusterTest extends SessionStoreContract {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static RedisServer redis;
    private static Vertx vertx;
    private static int opened;

    private RedisLink link;
    private int marks;

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

    @AfterEach
    void closeLink() {
        get(link.close());
        link = null;
    }

    @Override
    RedisSessions open(int most) {
        if (link == null) {
            RedisOptions options =
                    new RedisOptions().setType(RedisClientType.CLUSTER).setConnectionString(redis.uri());
            link = new RedisLink(vertx, new RedisLink.Settings(options, Duration.ofSeconds(5), PATIENCE, 10_000));
            get(link.start());
        }
        return new RedisSessions(link, "cluster" + opened++, most);
    }

    @Override
    void afterShort() {
        String mark = "mark" + marks++;
        redis.ask("SET", mark, "", "PX", Long.toString(SHORT.toMillis()));
        eventually(() -> assertThat(redis.ask("EXISTS", mark)).isEqualTo(0L));
    }

    @Override
    void sweep() {
        get(((RedisSessions) store).sweep());
    }

    @Test
    void bringsAlongScriptsThatTheServerForgot() {
        create("s");

        redis.flushScripts();

        assertThat(get(store.accept("s", List.of(exchange("x", "n")), LONG))).isPresent();
    }

    private RedisLog log() {
        Retention retention = new Retention(100, 1 << 20, LONG, LONG, LONG);
        return new RedisLog(link, "cluster" + (opened - 1), "n", LONG, retention, Session::family);
    }

    private Append outcome(String key) {
        List<Event> events = List.of(new Event(Sessions.LAST, "{}"));
        return new Append(Session.stream("s", "p"), events, key, null, store.settling("s", "x"));
    }

    @Test
    void settlesAnExchangeInOneStepWithTheAppendOfItsOutcome() {
        create("s");
        List<Exchange> both = List.of(exchange("x", "n"), exchange("y", "n"));
        get(store.accept("s", both, LONG));

        Appended landed = get(log().append(outcome("k")));

        assertThat(landed.settled()).isTrue();
        assertThat(landed.repeated()).isFalse();
        assertThat(opened("s")).extracting(Exchange::key).containsExactly("y");
    }

    @Test
    void settlesAnExchangeAlsoWhenItsOutcomeHadLandedBefore() {
        create("s");
        get(log().append(outcome("k")));
        get(store.accept("s", List.of(exchange("x", "n")), LONG));

        Appended again = get(log().append(outcome("k")));

        assertThat(again.repeated()).isTrue();
        assertThat(opened("s")).isEmpty();
    }

    @Test
    void settlesAnExchangeWithAnAppendThatHasNoKey() {
        create("s");
        get(store.accept("s", List.of(exchange("x", "n")), LONG));

        get(log().append(outcome(null)));

        assertThat(opened("s")).isEmpty();
    }
}
