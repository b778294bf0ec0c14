package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.failure;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.session.Session.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Redis store keeps the contract, with a real server and real time; what shows in the keys; and what befalls it. */
class SessionStoreInRedisTest extends SessionStoreContract {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static RedisServer redis;
    private static Vertx vertx;
    private static int opened;

    private final List<RedisLink> links = new ArrayList<>();
    private String prefix;
    private int marks;

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
    RedisSessions open(int most) {
        prefix = "test" + opened++;
        return node(most, PATIENCE);
    }

    private RedisSessions node(int most, Duration waitAtMost) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        RedisLink link =
                new RedisLink(vertx, new RedisLink.Settings(options, Duration.ofSeconds(5), waitAtMost, 10_000));
        get(link.start());
        links.add(link);
        return new RedisSessions(link, prefix, most);
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

    private List<String> keys() {
        return redis.keys(prefix + ":");
    }

    private void useAll() {
        get(store.create(session("s", new Session.Owner("alice", Transport.LEGACY, "192.0.2.1", "key}")), LONG));
        get(store.accept("s", List.of(exchange("x", "n")), LONG));
        get(store.involve("n", "s"));
        get(store.ids(null));
    }

    @Test
    void leavesNoKeyWithoutAnEnd() {
        useAll();

        assertThat(keys()).hasSize(7).allSatisfy(key -> {
            long left = (Long) redis.ask("PTTL", key);
            assertThat(left).isPositive();
            if (key.contains(":session:")) {
                assertThat(left).isLessThanOrEqualTo(LONG.toMillis());
            }
        });
    }

    @Test
    void leavesOnlyListsOfOthersBehindASessionThatWasRemoved() {
        useAll();

        get(store.remove("s"));
        onceSwept(() -> assertThat(keys()).isEmpty());
    }

    @Test
    void keepsNoSecretInTheNameOfAKey() {
        useAll();

        assertThat(keys()).noneMatch(key -> key.contains("key}") || key.contains("alice"));
    }

    @Test
    void whatCannotBeAnIdIsUnknown() {
        for (String id : List.of("", "{", "a}b", "*", "a b", "ä", "\n", "x".repeat(129))) {
            assertThat(get(store.find(id))).as(id).isEmpty();
            assertThat(get(store.accept(id, List.of(), LONG))).isEmpty();
            assertThat(failure(store.create(session(id), LONG))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sweepsAwayWhatCameInNumbersAndVanished() {
        get(Future.all(IntStream.range(0, 900)
                .mapToObj(i -> store.create(session("s" + i), SHORT))
                .toList()));
        create("stays");
        afterShort();

        sweep();
        sweep();

        assertThat(redis.ask("ZCARD", prefix + ":sessions")).isEqualTo(1L);
    }

    @Test
    void nodesSeeTheSame() {
        SessionStore there = node(MOST, PATIENCE);
        create("s");
        get(there.accept("s", List.of(exchange("x", "there")), LONG));

        assertThat(opened("s")).containsExactly(exchange("x", "there"));
        assertThat(get(there.find("s"))).contains(find("s"));
    }

    @Test
    void goesOnAfterAKill() {
        create("s");
        redis.kill();
        Future<Optional<Session>> found = store.find("s");
        Future<Optional<Session>> accepted = store.accept("s", List.of(exchange("x", "n")), LONG);
        Future<Void> noted = store.written("s", at(1, 1));

        assertThat(failure(noted)).isInstanceOf(LogUnavailable.class);
        redis.restart();

        // The file is written once a second: the session may be lost, the store is not.
        get(found);
        get(accepted);
        create("t");
        assertThat(get(store.find("t"))).isPresent();
    }

    @Test
    void aSessionSurvivesARestart() {
        useAll();
        redis.stop();
        redis.restart();

        assertThat(get(store.find("s"))).isPresent();
        assertThat(opened("s")).hasSize(1);
        eventually(() -> assertThat(get(store.ids(null)).ids()).containsExactly("s"));
        assertThat(get(store.byKey("alice", "docs", "key}"))).isPresent();
    }

    @Test
    void bringsAlongScriptsThatTheServerForgot() {
        create("s");

        redis.flushScripts();

        assertThat(get(store.find("s"))).isPresent();
        assertThat(get(store.accept("s", List.of(exchange("x", "n")), LONG))).isPresent();
    }

    @Test
    void anEmptiedServerHasNoSessions() {
        useAll();

        redis.flushAll();

        assertThat(get(store.find("s"))).isEmpty();
        assertThat(get(store.refresh(Set.of("s"), LONG))).containsExactly("s");
        assertThat(get(store.from("alice", "192.0.2.1"))).isEmpty();
        assertThat(get(store.byKey("alice", "docs", "key}"))).isEmpty();
    }

    @Test
    void aServerThatStaysAwayIsToldInBoundedTime() {
        SessionStore hasty = node(MOST, Duration.ofMillis(100));
        create("s");
        redis.stop();
        try {
            assertFails(hasty.find("s"), LogUnavailable.class, "Redis");
            assertThat(failure(hasty.accept("s", List.of(), LONG))).isInstanceOf(LogUnavailable.class);
            assertThat(failure(hasty.create(session("t"), LONG))).isInstanceOf(LogUnavailable.class);
            assertThat(failure(hasty.refresh(Set.of("s"), LONG))).isInstanceOf(LogUnavailable.class);
            assertThat(failure(hasty.ids(null))).isInstanceOf(LogUnavailable.class);
            assertThat(failure(((RedisSessions) hasty).sweep())).isInstanceOf(LogUnavailable.class);
        } finally {
            redis.restart();
        }
        eventually(() -> get(((RedisSessions) hasty).sweep()));
    }
}
