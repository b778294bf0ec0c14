package dev.lifeline.gateway.feed;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.client.FakeSource;
import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sources elsewhere that fill channels here, on whole gateways. */
class FeedTest {

    private static final String LOSS = "{\"from\":null,\"to\":null,\"reason\":\"source\"}";

    private final FakeSource source = FakeSource.start();
    private final List<AutoCloseable> parts = new ArrayList<>(List.of(source));

    @AfterEach
    void end() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }

    private <T extends AutoCloseable> T with(T part) {
        parts.add(part);
        return part;
    }

    private RunningGateway gateway(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--feed",
                "prices=" + source.url(),
                "--upstream-retry-initial",
                "20ms",
                "--upstream-retry-max",
                "100ms"));
        all.addAll(List.of(options));
        return with(RunningGateway.with(all.toArray(String[]::new)));
    }

    private RunningGateway node(RedisServer redis, String id) {
        return gateway("--redis", redis.uri(), "--no-cluster", "--node-id", id, "--position-check-interval", "200ms");
    }

    private SseClient reader(RunningGateway gateway, String... headers) {
        SseClient client = with(gateway.subscribe("/events/prices", headers));
        client.next(Kind.POSITION);
        return client;
    }

    private void followed() {
        eventually("the source is followed", () -> source.connections() == 1);
    }

    private static String state(RunningGateway gateway) {
        JsonObject health = new JsonObject(gateway.get("/health").body());
        return health.getJsonArray("feeds").getJsonObject(0).getString("state");
    }

    @Test
    void oneConnectionServesAllReadersAndEachCanResume() {
        RunningGateway gateway = gateway();
        List<SseClient> readers = List.of(reader(gateway), reader(gateway), reader(gateway));
        followed();
        source.sendLines("event: quote\ndata: first\ndata: line");
        source.send("second");

        for (SseClient reader : readers) {
            Heard first = reader.event();
            assertThat(first.type()).isEqualTo("quote");
            assertThat(first.text()).isEqualTo("first\nline");
            assertThat(first.id()).isNotEqualTo("1");
            assertThat(reader.event().text()).isEqualTo("second");
            SseClient back = with(gateway.subscribe("/events/prices", "Last-Event-ID", first.id()));
            assertThat(back.event().text()).isEqualTo("second");
        }
        assertThat(source.connections()).isOne();
        assertThat(state(gateway)).isEqualTo("connected");
    }

    @Test
    void aRestartOfTheSourceIsInvisible() {
        SseClient reader = reader(gateway());
        followed();
        source.send("before");
        assertThat(reader.event().text()).isEqualTo("before");
        source.stop();
        source.begin();
        source.send("after");

        assertThat(reader.event().text()).isEqualTo("after");
    }

    @Test
    void whatTheSourceSendsTwiceIsThereOnce() {
        source.overlapping(2);
        RunningGateway gateway = gateway();
        SseClient reader = reader(gateway);
        followed();
        source.send("one");
        source.send("two");
        reader.event();
        reader.event();
        source.cut();
        source.send("three");

        assertThat(reader.event().text()).isEqualTo("three");
        assertThat(gateway.metric("sse_reconnection_attempts_total{upstream=\"feed:prices\"}"))
                .isPositive();
        assertThat(gateway.metric("sse_events_deduplicated_total")).isEqualTo(2);
    }

    @Test
    void aSourceThatCannotGoOnMakesAGapBeforeTheNextEvent() {
        source.unnumbered();
        SseClient reader = reader(gateway());
        followed();
        source.send("one");
        assertThat(reader.event().text()).isEqualTo("one");
        source.cut();
        followed();
        source.send("three");

        Heard gap = reader.event();
        assertThat(gap.type()).isEqualTo("gap");
        assertThat(gap.text()).isEqualTo(LOSS);
        assertThat(reader.event().text()).isEqualTo("three");
    }

    @Test
    void aGapTheSourceSpeaksOfIsPassedOn() {
        SseClient reader = reader(gateway());
        followed();
        source.sendLines("event: gap\ndata: {\"reason\":\"evicted\"}");
        source.sendLines("event: heartbeat\ndata: {}");
        source.send("next");

        assertThat(reader.event().text()).isEqualTo(LOSS);
        assertThat(reader.event().text()).isEqualTo("next");
    }

    @Test
    void aPositionTheSourceRefusesIsGivenUpAndSaidToBe() {
        SseClient reader = reader(gateway());
        followed();
        source.send("one");
        reader.event();
        source.does(request -> {
            if (request.getHeader("Last-Event-ID") == null) {
                source.serve(request);
            } else {
                request.response().setStatusCode(400).end();
            }
        });
        source.cut();
        followed();
        source.send("later");

        assertThat(reader.event().text()).isEqualTo(LOSS);
        assertThat(reader.event().text()).isEqualTo("later");
    }

    @Test
    void anEventThatIsTooLargeIsAGap() {
        SseClient reader = reader(gateway("--max-event-bytes", "1KiB"));
        followed();
        source.send("x".repeat(2000));
        source.send("small");

        assertThat(reader.event().text()).isEqualTo(LOSS);
        assertThat(reader.event().text()).isEqualTo("small");
    }

    @Test
    void nobodyElsePublishesThere() {
        RunningGateway gateway = gateway();

        assertThat(gateway.post("/events/prices", "mine").statusCode()).isEqualTo(403);
        assertThat(gateway.post("/events/prices", "mine").body()).contains("has a feed");
        assertThat(gateway.post("/events/other", "mine").statusCode()).isEqualTo(202);
    }

    @Test
    void aSourceThatIsRefusedIsShownAsFailed() {
        source.does(request -> request.response().setStatusCode(401).end());
        RunningGateway gateway = gateway();

        eventually("it is known", () -> state(gateway).equals("failed"));
    }

    @Test
    void headersProveUsToTheSource() {
        source.does(request -> {
            if ("Bearer hunter2hunter2".equals(request.getHeader("Authorization"))) {
                source.serve(request);
            } else {
                request.response().setStatusCode(401).end();
            }
        });
        gateway("--feed-headers", "prices:Authorization: Bearer hunter2hunter2");

        followed();
    }

    @Test
    void oneNodeFollowsForAllAndAnotherGoesOnWhereItStopped() {
        RedisServer redis = with(RedisServer.plain());
        RunningGateway one = RunningGateway.with(options(redis, "one"));
        followed();
        RunningGateway two = node(redis, "two");
        SseClient reader = reader(two);
        source.send("by one");
        assertThat(reader.event().text()).isEqualTo("by one");
        assertThat(state(two)).isEqualTo("elsewhere");
        assertThat(source.nextAsked()).isEmpty();
        one.close();
        source.send("by two");

        assertThat(reader.event().text()).isEqualTo("by two");
        assertThat(source.nextAsked()).isEqualTo("1");
        assertThat(state(two)).isEqualTo("connected");
    }

    @Test
    void whoTakesOverASourceWithoutIdsSaysThatSomethingMayBeMissing() {
        source.unnumbered();
        RedisServer redis = with(RedisServer.plain());
        RunningGateway one = RunningGateway.with(options(redis, "one"));
        followed();
        RunningGateway two = node(redis, "two");
        SseClient reader = reader(two);
        source.send("by one");
        assertThat(reader.event().text()).isEqualTo("by one");
        one.close();
        eventually(
                "the other follows it",
                () -> source.connections() == 1 && state(two).equals("connected"));
        source.send("by two");

        assertThat(reader.event().text()).isEqualTo(LOSS);
        assertThat(reader.event().text()).isEqualTo("by two");
    }

    @Test
    void aRedisThatForgotEverythingDoesNotEndTheFeed() {
        RedisServer redis = with(RedisServer.plain());
        RunningGateway one = RunningGateway.with(options(redis, "one"));
        followed();
        one.close();
        RunningGateway gateway = node(redis, "two");
        SseClient reader = reader(gateway);
        followed();
        source.send("before");
        reader.until(heard -> heard.text().equals("before"));
        while (source.timesAsked() > 0) {
            source.nextAsked();
        }
        redis.flushAll();
        assertThat(source.nextAsked()).isEqualTo("1");
        followed();
        source.send("after");

        assertThat(reader.until(heard -> heard.text().equals("after"))).isNotEmpty();
    }

    @Test
    void aPositionThatRedisForgotIsKeptAgain() {
        RedisServer redis = with(RedisServer.plain());
        SseClient reader = reader(node(redis, "one"));
        followed();
        source.send("one");
        assertThat(reader.event().text()).isEqualTo("one");
        redis.flushAll();

        eventually(
                "it is there again",
                () -> "1".equals(String.valueOf(redis.ask("HGET", "lifeline:{channel:prices}:feed", "position"))));
    }

    private String[] options(RedisServer redis, String id) {
        return new String[] {"--feed", "prices=" + source.url(), "--redis", redis.uri(), "--no-cluster", "--node-id", id
        };
    }

    @Test
    void whileRedisIsAwayEventsWaitAndNoneIsLost() {
        RedisServer redis = with(RedisServer.plain());
        RunningGateway gateway = node(redis, "one");
        SseClient reader = reader(gateway);
        followed();
        source.send("before");
        assertThat(reader.event().text()).isEqualTo("before");
        redis.pause();
        for (int i = 0; i < 100; i++) {
            source.send("meanwhile " + i);
        }
        redis.resume();

        for (int i = 0; i < 100; i++) {
            assertThat(reader.event().text()).isEqualTo("meanwhile " + i);
        }
    }
}
