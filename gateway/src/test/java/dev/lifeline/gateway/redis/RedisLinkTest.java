package dev.lifeline.gateway.redis;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.failure;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link finds its way back, keeps the order, holds no more than it may, and leaves nothing behind. */
class RedisLinkTest {

    private static final Script PUSH = script("return redis.call('RPUSH', KEYS[1], ARGV[1])");
    private static final Script COUNT = script("return redis.call('INCR', KEYS[1])");
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = Options.plain().withAppendOnlyFile().start();
    private RedisLink link = linkOf(1000, Duration.ofSeconds(15));

    private static Script script(String text) {
        return Script.saying(text);
    }

    private RedisLink linkOf(int mostWaiting, Duration waitAtMost) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        return new RedisLink(vertx, new RedisLink.Settings(options, TIMEOUT, waitAtMost, mostWaiting));
    }

    @BeforeEach
    void connect() {
        get(link.start());
    }

    @AfterEach
    void close() {
        get(link.close());
        get(vertx.close());
        redis.close();
    }

    private void linkAgain(int mostWaiting, Duration waitAtMost) {
        get(link.close());
        link = linkOf(mostWaiting, waitAtMost);
        get(link.start());
    }

    private Future<Response> push(Temper temper, String what) {
        return link.call(PUSH, List.of("list"), List.of(what), temper);
    }

    private List<?> list() {
        return (List<?>) redis.ask("LRANGE", "list", "0", "-1");
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private void lose() {
        redis.kill();
        eventually(() -> assertThat(link.available()).isFalse());
    }

    /** Connections that Redis has, without the one that asks. */
    private long connections() {
        return redis.ask("CLIENT", "LIST").toString().lines().count() - 1;
    }

    @Test
    void keepsTheOrderWhenRedisDoesNotKnowTheScript() {
        linkAgain(100_000, Duration.ofSeconds(15));
        CompletableFuture<Void> flushing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
                redis.flushScripts();
            }
        });
        List<Future<Response>> pushed = new ArrayList<>();
        while (!flushing.isDone()) {
            pushed.add(push(Temper.PATIENT, Integer.toString(pushed.size())));
            if (pushed.size() % 500 == 0) {
                get(pushed.get(pushed.size() - 1));
            }
        }

        get(Future.all(pushed));

        assertThat(list()).isEqualTo(numbers(pushed.size()));
    }

    @Test
    void putsNothingBehindWhatWasSentLaterWhenAnotherTeachesRedisTheScriptMeanwhile() {
        List<Future<Response>> pushed = new ArrayList<>();
        redis.flushScripts();
        redis.pause();
        numbers(300).forEach(number -> pushed.add(push(Temper.PATIENT, number)));
        redis.resume();
        redis.ask("SCRIPT", "LOAD", PUSH.text());
        get(Future.join(pushed).otherwiseEmpty());

        List<Integer> landed =
                list().stream().map(text -> Integer.parseInt(text.toString())).toList();

        assertThat(landed).isSorted().doesNotHaveDuplicates();
        assertThat(landed)
                .hasSize((int) pushed.stream().filter(Future::succeeded).count());
    }

    @Test
    void isNotAvailableWhileRedisTakesNoWritesAndStillReads() {
        Script read = script("return redis.call('LLEN', KEYS[1])");
        List<Boolean> told = new CopyOnWriteArrayList<>();
        link.onAvailable(told::add);
        get(push(Temper.PATIENT, "before"));
        redis.ask("CONFIG", "SET", "maxmemory", "1");

        assertFails(push(Temper.PATIENT, "meanwhile"), RedisAway.class, "Redis has no room: OOM");

        assertThat(link.available()).isFalse();
        assertThat(get(link.call(read, List.of("list"), List.of(), Temper.IMPATIENT))
                        .toInteger())
                .isOne();
        redis.ask("CONFIG", "SET", "maxmemory", "0");
        eventually(() -> assertThat(told).containsExactly(false, true));
        assertThat(link.available()).isTrue();
        get(push(Temper.PATIENT, "after"));
        assertThat(list()).isEqualTo(List.of("before", "after"));
        assertThat(redis.keys("")).containsExactly("list");
    }

    @Test
    void carriesOutNothingThatWasLeftOnTheWayOnceItHasSentSomethingNewer() {
        try (SlowRoad road = new SlowRoad(vertx, redis.port())) {
            RedisOptions options = new RedisOptions().setConnectionString("redis://127.0.0.1:" + road.port());
            RedisLink travelling = new RedisLink(vertx, new RedisLink.Settings(options, TIMEOUT, TIMEOUT, 10));
            get(travelling.start());

            road.hold();
            Future<Response> held = travelling.call(PUSH, List.of("list"), List.of("older"), Temper.PATIENT);
            assertFails(held, RedisAway.class, "Redis was lost before it answered");
            eventually(() -> assertThat(travelling.available()).isTrue());
            get(travelling.call(PUSH, List.of("list"), List.of("newer"), Temper.PATIENT));
            get(road.release());

            get(travelling.call(PUSH, List.of("list"), List.of("newest"), Temper.PATIENT));
            assertThat(list()).isEqualTo(List.of("newer", "newest"));
            get(travelling.close());
        }
    }

    @Test
    void sendsWhatWaitedInTheOrderItWasAsked() {
        lose();
        List<Future<Response>> pushed =
                numbers(200).stream().map(n -> push(Temper.PATIENT, n)).toList();

        redis.restart();
        get(Future.all(pushed));

        assertThat(list()).isEqualTo(numbers(200));
    }

    @Test
    void refusesWhatIsImpatientWhileRedisIsAway() {
        lose();

        assertFails(push(Temper.IMPATIENT, "a"), RedisAway.class, "Redis is away");
    }

    @Test
    void isNotFooledByCallsThatHaveWaitedLongerThanAnAnswerMayTake() {
        lose();
        Future<Response> waited = push(Temper.PATIENT, "a");
        long begin = System.nanoTime();
        eventually(() -> assertThat(System.nanoTime() - begin).isGreaterThan(2 * TIMEOUT.toNanos()));

        redis.restart();

        get(waited);
        assertThat(list()).isEqualTo(List.of("a"));
    }

    @Test
    void refusesMoreThanMayWaitAndTakesMoreOnceTheyAreThrough() {
        linkAgain(10, Duration.ofSeconds(15));
        redis.pause();
        List<Future<Response>> taken =
                numbers(10).stream().map(n -> push(Temper.REPEATABLE, n)).toList();

        assertFails(push(Temper.REPEATABLE, "too many"), RedisAway.class, "too many calls are waiting");
        redis.resume();
        get(Future.all(taken));
        get(push(Temper.REPEATABLE, "more"));

        assertThat(list()).hasSize(11);
    }

    @Test
    void refusesMoreBytesThanMayWait() {
        lose();
        String large = "x".repeat(20 * 1024 * 1024);
        List<Future<Response>> taken =
                numbers(3).stream().map(n -> push(Temper.PATIENT, large)).toList();

        assertFails(push(Temper.PATIENT, large), RedisAway.class, "too many calls are waiting");
        assertThat(taken).noneMatch(Future::isComplete);
    }

    @Test
    void countsAreForgottenWhetherCallsSucceedOrFail() {
        linkAgain(10, Duration.ofMillis(200));

        for (int round = 0; round < 3; round++) {
            lose();
            numbers(10).forEach(n -> push(Temper.IMPATIENT, n));
            List<Future<Response>> waited =
                    numbers(10).stream().map(n -> push(Temper.PATIENT, n)).toList();
            waited.forEach(call -> assertFails(call, RedisAway.class, "Redis stayed away"));
            redis.restart();
            eventually(() -> assertThat(link.available()).isTrue());
            get(Future.all(
                    numbers(10).stream().map(n -> push(Temper.PATIENT, n)).toList()));
        }
    }

    @Test
    void tellsThoseWhoWaitThatItWasClosed() {
        redis.pause();
        Future<Response> underWay = push(Temper.REPEATABLE, "a");
        get(link.close());
        assertFails(underWay, RedisAway.class, "the link to Redis is closed");
        redis.resume();

        link = linkOf(10, Duration.ofSeconds(15));
        get(link.start());
        lose();
        Future<Response> waiting = push(Temper.PATIENT, "b");
        get(link.close());
        assertFails(waiting, RedisAway.class, "the link to Redis is closed");
        assertFails(push(Temper.PATIENT, "c"), RedisAway.class, "the link to Redis is closed");
    }

    @Test
    void leavesNoConnectionBehindWhenRedisAnswersTooLate() {
        redis.pause();
        push(Temper.IMPATIENT, "a");
        eventually(() -> assertThat(link.available()).isFalse());
        long begin = System.nanoTime();
        eventually(() -> assertThat(System.nanoTime() - begin).isGreaterThan(3 * TIMEOUT.toNanos()));

        redis.resume();
        eventually(() -> assertThat(link.available()).isTrue());
        eventually(() -> assertThat(connections()).isEqualTo(1));

        get(link.close());
        eventually(() -> assertThat(connections()).isZero());
    }

    @Test
    void saysWhenRedisIsLostAndFound() {
        List<Boolean> said = new CopyOnWriteArrayList<>();
        link.onAvailable(said::add);

        lose();
        redis.restart();
        eventually(() -> assertThat(said).containsExactly(false, true));

        assertThat(link.available()).isTrue();
    }

    @Test
    void answersOnTheContextThatAsked() {
        Context context = vertx.getOrCreateContext();
        Future<Context> answeredOn = Future.future(promise -> context.runOnContext(
                go -> push(Temper.PATIENT, "a").onComplete(answer -> promise.complete(Vertx.currentContext()))));

        assertThat(get(answeredOn)).isSameAs(context);
    }

    @Test
    void handsOnWhatRedisSaysAgainstACall() {
        redis.ask("SET", "list", "is no list");

        assertFails(push(Temper.PATIENT, "a"), RedisAway.class, "WRONGTYPE");
        assertThat(get(link.call(COUNT, List.of("n"), List.of(), Temper.PATIENT))
                        .toInteger())
                .isEqualTo(1);
    }

    @Test
    void goesOnTryingWhenRedisIsNotThereAtFirst() {
        redis.stop();
        RedisLink early = linkOf(10, Duration.ofSeconds(15));

        assertThat(failure(early.start())).hasMessageContaining("refused");
        Future<Response> asked = early.call(PUSH, List.of("list"), List.of("a"), Temper.PATIENT);
        redis.restart();

        get(asked);
        get(early.close());
    }
}
