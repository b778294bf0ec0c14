package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both logs do, step by step, what a list with bounds does. Whatever takes time is left to {@link LogContract}. */
class LogAgainstModelTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Retention RETENTION = new Retention(12, 400, LONG, LONG, LONG);
    private static final int STEPS = 400;

    private static RedisServer redis;
    private static Vertx vertx;

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

    /** What a stream is: all events there ever were, and how many of them are gone. Positions are counted from 0. */
    private static final class Model {

        private final List<Event> all = new ArrayList<>();
        private final Map<String, Integer> keys = new HashMap<>();
        private int gone;

        int append(String key, List<Event> events) {
            if (keys.containsKey(key)) {
                return keys.get(key);
            }
            int first = all.size();
            if (key != null) {
                keys.put(key, first);
            }
            all.addAll(events);
            while (all.size() - gone > RETENTION.events() || bytes() > RETENTION.bytes()) {
                gone++;
            }
            return first;
        }

        private long bytes() {
            return all.subList(gone, all.size()).stream()
                    .mapToLong(Retention::weight)
                    .sum();
        }

        void acknowledge(int position) {
            gone = Math.max(gone, Math.min(position, all.size()));
        }

        List<Event> after(int position, int limit) {
            int from = Math.max(position, gone);
            return all.subList(from, Math.min(all.size(), from + limit));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void memoryDoesWhatTheModelDoes(long seed) {
        compare(new MemoryLog(RETENTION, 10, "here", InstantSource.system()), new Random(seed));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void redisDoesWhatTheModelDoes(long seed) {
        RedisOptions options = new RedisOptions().setConnectionString(redis.uri());
        RedisLink link = new RedisLink(vertx, new RedisLink.Settings(options, LONG, LONG, 1000));
        get(link.start());
        RedisLog log = new RedisLog(link, "model" + seed, "here", LONG, RETENTION);

        compare(log, new Random(seed));

        get(log.close());
    }

    private static void compare(Log log, Random random) {
        Model model = new Model();
        Cursor origin = get(log.attach("s", null));
        for (int step = 0; step < STEPS; step++) {
            int position = Math.max(0, model.all.size() - random.nextInt(20));
            Cursor at = origin.plus(position);
            switch (random.nextInt(5)) {
                case 0 -> {
                    get(log.acknowledge("s", at));
                    model.acknowledge(position);
                }
                case 1 -> assertThat(get(log.attach("s", at))).isEqualTo(origin.plus(model.all.size()));
                case 2 -> compareAppend(log, model, origin, random);
                default -> compareRead(log, model, origin, random.nextInt(8) == 0 ? null : position, random);
            }
        }
    }

    private static void compareAppend(Log log, Model model, Cursor origin, Random random) {
        List<Event> events = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            events.add(new Event(random.nextBoolean() ? "message" : "other", "x".repeat(random.nextInt(90))));
        }
        String key = random.nextBoolean() ? null : "k" + random.nextInt(30);
        int before = model.all.size();

        Appended landed = get(log.append(new Append("s", events, key, null)));

        int first = model.append(key, events);
        assertThat(landed.first()).isEqualTo(origin.plus(first + 1L));
        assertThat(landed.repeated()).isEqualTo(first < before);
    }

    private static void compareRead(Log log, Model model, Cursor origin, Integer position, Random random) {
        int limit = 1 + random.nextInt(15);
        Cursor after = position == null ? null : origin.plus(position);

        Page page = get(log.read("s", after, limit));

        int from = position == null ? 0 : position;
        assertThat(page.events()).isEqualTo(model.after(from, limit));
        assertThat(page.tail()).isEqualTo(origin.plus(model.all.size()));
        assertThat(page.start()).isEqualTo(origin.plus(Math.max(from, model.gone)));
        boolean missed = position != null && position < model.gone;
        assertThat(page.gap()).isEqualTo(missed ? new Gap(after, origin.plus(model.gone), Gap.Reason.EVICTED) : null);
    }
}
