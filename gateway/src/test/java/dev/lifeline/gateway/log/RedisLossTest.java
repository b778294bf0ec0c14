package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the Redis log makes of a Redis that is emptied, set back, killed or stopped. */
class RedisLossTest {

    private static final Duration TIMEOUT = Duration.ofMillis(800);
    private static final Duration WAIT = Duration.ofSeconds(15);
    private static final long BACK_WITHIN_MILLIS = 5000;

    private final Vertx vertx = Vertx.vertx();
    private RedisServer redis;
    private Log log;

    private void start(Options options) {
        redis = options.start();
        log = node("here", WAIT);
    }

    private Log node(String name, Duration waitAtMost) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        RedisLink link = new RedisLink(vertx, new RedisLink.Settings(options, TIMEOUT, waitAtMost, 10_000));
        get(link.start());
        return new RedisLog(link, "loss", name, Duration.ofMinutes(1), LogUnderTest.keeping(10_000));
    }

    @AfterEach
    void stop() {
        get(log.close());
        get(vertx.close());
        redis.close();
    }

    private Future<Appended> append(String key, String... data) {
        return log.append(new Append("s", LogUnderTest.events(data), key, null));
    }

    private Page read(Cursor after) {
        return get(log.read("s", after, 10_000));
    }

    private static List<String> data(Page page) {
        return page.events().stream().map(Event::data).toList();
    }

    @Test
    void tellsAReaderThatAnEmptiedRedisLostWhatItHad() {
        start(Options.plain());
        Cursor a = get(append(null, "a", "b")).first();

        redis.flushAll();
        Cursor next = get(append(null, "c")).first();

        assertThat(next.epoch()).isGreaterThan(a.epoch());
        assertThat(read(a).gap()).isEqualTo(new Gap(a, next.plus(-1), Gap.Reason.EPOCH));
        assertThat(data(read(a))).containsExactly("c");
    }

    @Test
    void tellsAReaderWhatARedisThatWentBackInTimeStillHasAndThatTheRestIsLost() {
        start(Options.plain());
        Cursor a = get(append(null, "a", "b")).first();
        Path copy = redis.copy();
        Cursor lost = get(append(null, "lost")).first();

        redis.restoreAndRestart(copy);
        eventually(() -> assertThat(log.available()).isTrue());
        Cursor tail = get(log.attach("s", lost));
        get(append(null, "new"));

        assertThat(tail.epoch()).isGreaterThan(a.epoch());
        assertThat(read(lost).gap()).isEqualTo(new Gap(lost, tail, Gap.Reason.EPOCH));
        Page kept = read(a);
        assertThat(kept.gap()).isNull();
        assertThat(data(kept)).containsExactly("b");
        assertThat(read(kept.end()).gap()).isEqualTo(new Gap(a.plus(1), tail, Gap.Reason.EPOCH));
        assertThat(data(read(kept.end()))).containsExactly("new");
    }

    @Test
    void refusesWhatAServerWithoutDiskCannotKeepAndReadsOn() {
        start(Options.plain());
        get(append(null, "a", "b"));

        redis.takeDisk();

        refusesToKeep("MISCONF");
        redis.giveDiskBack();
        keepsAgain();
    }

    @Test
    void refusesWhatAServerWithoutMemoryCannotKeepAndReadsOn() {
        start(Options.plain());
        get(append(null, "a", "b"));

        redis.ask("CONFIG", "SET", "maxmemory", "1");

        refusesToKeep("OOM");
        redis.ask("CONFIG", "SET", "maxmemory", "0");
        keepsAgain();
    }

    private void refusesToKeep(String because) {
        assertFails(append(null, "c"), LogUnavailable.class, because);
        assertThat(log.available()).isFalse();
        assertThat(data(read(null))).containsExactly("a", "b");
    }

    private void keepsAgain() {
        eventually(() -> assertThat(log.available()).isTrue());
        get(append(null, "d"));
        assertThat(data(read(null))).containsExactly("a", "b", "d");
    }

    @Test
    void losesNothingAndClaimsNoLossWhenARedisWithAnAppendOnlyFileIsKilled() {
        start(Options.plain().withAppendOnlyFile());
        Cursor a = get(append(null, "a", "b")).first();
        get(log.attach("s", a.plus(1)));

        redis.kill();
        eventually(() -> assertThat(log.available()).isFalse());
        Future<Appended> meanwhile = append(null, "c");
        redis.restart();
        long millis = eventually(() -> assertThat(meanwhile.isComplete()).isTrue());

        System.out.println("back in service " + millis + " ms after Redis answered again");
        assertThat(millis).isLessThan(BACK_WITHIN_MILLIS);
        Cursor c = get(meanwhile).first();
        assertThat(c.epoch())
                .as("of a life that may not have all that there was")
                .isGreaterThan(a.epoch());
        assertThat(c.sequence()).isEqualTo(1);
        assertThat(get(log.attach("s", c))).isEqualTo(c);
        assertThat(read(a)).isEqualTo(new Page(null, a, LogUnderTest.events("b"), c));
        assertThat(read(a.plus(1))).isEqualTo(new Page(null, c.plus(-1), LogUnderTest.events("c"), c));
        assertThat(read(c)).isEqualTo(new Page(null, c, List.of(), c));
    }

    @Test
    void givesNoIdTwiceWhenNobodyRemembersWhatARedisHadThatWasSetBack() {
        start(Options.plain());
        Cursor a = get(append(null, "a")).first();
        Path copy = redis.copy();
        Cursor lost = get(append(null, "lost", "too")).first();

        redis.restoreAndRestart(copy);
        eventually(() -> assertThat(log.available()).isTrue());
        Cursor next = get(append(null, "new")).first();

        assertThat(next.epoch()).isGreaterThan(lost.epoch());
        assertThat(read(a)).isEqualTo(new Page(null, next.plus(-1), LogUnderTest.events("new"), next));
        for (Cursor gone : List.of(lost, lost.plus(1))) {
            assertThat(read(gone).gap()).isEqualTo(new Gap(gone, next.plus(-1), Gap.Reason.EPOCH));
            assertThat(data(read(gone))).containsExactly("new");
        }
    }

    @Test
    void tellsReadersOfALossThatIsProvenOnlyAfterOthersHaveAppended() {
        start(Options.plain());
        get(append(null, "a"));
        Path copy = redis.copy();
        Cursor lost = get(append(null, "lost")).first();
        redis.restoreAndRestart(copy);
        eventually(() -> assertThat(log.available()).isTrue());
        Cursor next = get(append(null, "new")).first();

        Cursor tail = get(log.attach("s", lost));

        assertThat(tail.epoch()).isGreaterThan(next.epoch());
        assertThat(read(next).gap()).isEqualTo(new Gap(next, tail, Gap.Reason.EPOCH));
        assertThat(get(log.attach("s", lost))).as("proven once").isEqualTo(tail);
    }

    @Test
    void worksForOneWhoMayNotAskWhichRunOfTheServerItIs() {
        start(Options.plain());
        redis.forbid("info");

        Cursor a = get(append(null, "a")).first();

        assertThat(get(append(null, "b")).first()).isEqualTo(a.plus(1));
        assertThat(data(read(a))).containsExactly("b");
    }

    @Test
    void waitsAsLongAsARedisWithALotToDoGoesOnAnswering() {
        start(Options.plain().withAppendOnlyFile());
        String large = "x".repeat(100_000);

        List<Future<Appended>> much = IntStream.range(0, 600)
                .mapToObj(i -> log.append(new Append("s" + i, LogUnderTest.events(large), null, null)))
                .toList();

        get(Future.all(much));
    }

    @Test
    void waitsForARedisThatStillReadsItsFiles() {
        start(Options.plain().withAppendOnlyFile());
        String large = "x".repeat(100_000);
        List<Future<Appended>> much = IntStream.range(0, 600)
                .mapToObj(i -> log.append(new Append("s" + i, LogUnderTest.events(large), null, null)))
                .toList();
        get(Future.all(much));

        redis.kill();
        Future<Appended> meanwhile = append("k", "a");
        redis.restart();

        assertThat(get(meanwhile).first().sequence()).isEqualTo(1);
    }

    @Test
    void landsRepeatableAppendsOnceAndInOrderThroughAPause() {
        start(Options.plain());
        get(append("first", "first"));

        redis.pause();
        List<Future<Appended>> underWay =
                IntStream.range(0, 200).mapToObj(i -> append("k" + i, "e" + i)).toList();
        eventually(() -> assertThat(log.available()).isFalse());
        redis.resume();
        get(Future.all(underWay));

        List<String> expected = new ArrayList<>(List.of("first"));
        IntStream.range(0, 200).forEach(i -> expected.add("e" + i));
        assertThat(data(read(null))).isEqualTo(expected);
    }

    @Test
    void failsAppendsThatMustNotBeRepeatedAndPutsNothingOfThemBehindLaterOnes() {
        start(Options.plain());
        get(append(null, "first"));
        String some = "x".repeat(200);

        redis.pause();
        List<Future<Appended>> underWay = IntStream.range(0, 8000)
                .mapToObj(i -> append(null, "e" + i + some))
                .toList();
        eventually(() -> assertThat(log.available()).isFalse());
        Future<Appended> later = append(null, "later");
        // Long enough for the next connection to stand in line with the one before, when Redis wakes up.
        long lostAt = System.nanoTime();
        eventually(() -> assertThat(System.nanoTime() - lostAt).isGreaterThan(TIMEOUT.toNanos() / 2));
        redis.resume();

        underWay.forEach(lost -> assertFails(lost, LogUnavailable.class, "Redis was lost before it answered"));
        get(later);
        get(append(null, "last"));
        List<String> landed =
                data(readAll()).stream().map(text -> text.split("x")[0]).toList();
        System.out.println((landed.size() - 3) + " of 8000 unanswered appends had been carried out");
        assertThat(landed).startsWith("first").endsWith("later", "last");
        List<String> unanswered = landed.subList(1, landed.size() - 2);
        assertThat(unanswered)
                .isEqualTo(IntStream.range(0, unanswered.size())
                        .mapToObj(i -> "e" + i)
                        .toList());
    }

    private Page readAll() {
        List<Event> events = new ArrayList<>();
        Page page = read(null);
        Cursor start = page.start();
        while (!page.events().isEmpty()) {
            events.addAll(page.events());
            page = read(page.end());
            assertThat(page.gap()).isNull();
        }
        return new Page(null, start, events, page.tail());
    }

    @Test
    void failsInBoundedTimeWhenRedisStaysAway() {
        start(Options.plain());
        get(log.close());
        log = node("here", Duration.ofMillis(300));

        redis.stop();
        eventually(() -> assertThat(log.available()).isFalse());
        Future<Appended> appended = append("k", "a");

        assertFails(log.read("s", null, 10), LogUnavailable.class, "Redis is away");
        assertFails(log.attach("s", null), LogUnavailable.class, "Redis is away");
        long millis = eventually(() -> assertThat(appended.isComplete()).isTrue());
        assertFails(appended, LogUnavailable.class, "Redis stayed away");
        assertThat(millis).isLessThan(3000);
    }
}
