package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The Redis log keeps the contract, with a real server and real time; and what shows in the keys. What befalls the server
 * is tested in {@link RedisLossTest}.
 */
class RedisLogTest extends LogContract {

    private static final Duration ATTENDANCE = Duration.ofSeconds(30);

    private static RedisServer redis;
    private static Vertx vertx;
    private static int opened;
    private String prefix;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.plain();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopRedis() {
        get(vertx.close());
        redis.close();
    }

    @Override
    RedisLog open(Retention retention) {
        prefix = "test" + opened++;
        return node(HERE, ATTENDANCE, retention);
    }

    private RedisLog node(String name, Duration attendance, Retention retention) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        RedisLink link = new RedisLink(
                vertx, new RedisLink.Settings(options, Duration.ofSeconds(5), Duration.ofSeconds(5), 10_000));
        get(link.start());
        return new RedisLog(link, prefix, name, attendance, retention);
    }

    @Override
    void after(Duration time, ThrowingCallable fact) {
        eventually(fact);
    }

    private static Appended append(Log log, String key, String... data) {
        return get(log.append(new Append("s", events(data), key, null)));
    }

    private List<String> keys() {
        return redis.keys(prefix + ":");
    }

    @Test
    void leavesNoKeyWithoutAnEnd() {
        Duration age = Duration.ofMinutes(1);
        Duration position = Duration.ofMinutes(2);
        Duration known = Duration.ofMinutes(3);
        Log log = open(new Retention(3, 1000, age, position, known));

        append(log, "k", "a", "b", "c", "d", "e");
        get(log.attach("s", null));
        get(log.read("s", null, 10));
        get(log.read("only read", null, 10));

        assertThat(keys()).hasSize(5).allSatisfy(key -> {
            long left = (Long) redis.ask("PTTL", key);
            assertThat(left).isPositive().isLessThanOrEqualTo(longest(key, age, position, known));
        });
        get(log.close());
    }

    private static long longest(String key, Duration age, Duration position, Duration known) {
        String what = key.substring(key.indexOf("}:") + 2);
        return switch (what) {
            case "meta" -> position.toMillis();
            case "log" -> age.plusSeconds(1).toMillis();
            case "nodes" -> ATTENDANCE.toMillis();
            default -> known.toMillis();
        };
    }

    @Test
    void keepsTheKeysOfAStreamOnOneServerOfACluster() {
        Log log = open(keeping(3));

        append(log, "k", "a");
        get(log.attach("s", null));

        assertThat(keys()).hasSize(4).allMatch(key -> key.startsWith(prefix + ":{s}:"));
        get(log.close());
    }

    @Test
    void forgetsAQuietStreamAndBeginsAHigherEpoch() {
        Duration soon = Duration.ofMillis(50);
        Log log = open(new Retention(3, 1000, soon, soon, soon));
        Cursor a = append(log, null, "a").first();
        eventually(() -> assertThat(keys()).noneMatch(key -> key.endsWith(":meta")));

        Page page = get(log.read("s", a, 10));

        assertThat(page.gap()).isEqualTo(new Gap(a, page.tail(), Gap.Reason.EPOCH));
        assertThat(page.tail().epoch()).isGreaterThan(a.epoch());
        eventually(() -> assertThat(keys()).isEmpty());
        get(log.close());
    }

    @Test
    void forgetsANodeThatNoLongerSaysItHasReaders() {
        Log here = open(keeping(3));
        Log there = node("there", Duration.ofMillis(100), keeping(3));
        get(here.attach("s", null));
        get(there.attach("s", null));
        assertThat(append(here, null, "a").nodes()).containsExactlyInAnyOrder(HERE, "there");

        eventually(() -> assertThat(append(here, null, "b").nodes()).containsExactly(HERE));

        get(here.close());
        get(there.close());
    }

    @Test
    void tellsOtherNodesWhatBecameOfTheirStream() {
        log = open(keeping(10));
        Log there = node("there", ATTENDANCE, keeping(10));

        tellsOtherNodesThatTheyAreSupersededOrTheirStreamRemoved(there);

        get(there.close());
    }

    @Test
    void leavesNothingOfARemovedStreamThatNobodyElseAttended() {
        log = open(keeping(10));
        appendUnder("k", "a");
        take(1);
        read(null);
        assertThat(keys()).hasSize(4);

        get(log.remove("s", List.of("k")));

        assertThat(keys()).isEmpty();
    }

    @Test
    void tellsAllNodesTheSame() {
        Log here = open(keeping(10));
        Log there = node("there", ATTENDANCE, keeping(10));

        Appended a = append(here, "k", "a");
        Appended again = append(there, "k", "a");
        Appended b = append(there, null, "b");

        assertThat(again.repeated()).isTrue();
        assertThat(b.first()).isEqualTo(a.first().plus(1));
        assertThat(get(here.read("s", a.first(), 10))).isEqualTo(get(there.read("s", a.first(), 10)));
        get(here.close());
        get(there.close());
    }

    @Test
    void bringsALateChangeOfMindAboutBoundsIntoForce() {
        Log generous = open(keeping(100));
        append(generous, null, "a", "b", "c", "d");
        Log strict = node("strict", ATTENDANCE, keeping(2));

        assertThat(data(get(strict.read("s", null, 10)))).containsExactly("c", "d");

        get(generous.close());
        get(strict.close());
    }

    @Test
    void dropsTenThousandAtOnceExactly() {
        Log log = open(keeping(20_000));
        String[] thousand = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        Cursor first = append(log, null, thousand).first();
        for (int i = 1; i < 10; i++) {
            append(log, null, thousand);
        }
        Log strict = node("strict", ATTENDANCE, keeping(7));

        Page page = get(strict.read("s", first, 100));

        assertThat(data(page)).containsExactly("993", "994", "995", "996", "997", "998", "999");
        assertThat(page.gap().to()).isEqualTo(first.plus(10_000 - 8));
        get(log.close());
        get(strict.close());
    }
}
