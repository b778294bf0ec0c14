package dev.lifeline.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What publishers and subscribers of a channel can rely on, over a real socket. Bad input: {@link BadInputTest}. */
class ChannelTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.with("--heartbeat-interval", "300ms", "--buffer-size", "5");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void theHeadIsThatOfAnEventStreamNobodyBuffers() {
        try (SseClient client = gateway.subscribe("/events/head")) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("content-type")).isEqualTo("text/event-stream");
            assertThat(client.header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(client.header("x-accel-buffering")).isEqualTo("no");
            assertThat(client.header("connection")).isEqualTo("keep-alive");
            assertThat(client.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(client.header("lifeline-node"))
                    .isEqualTo(gateway.gateway().id());
            assertThat(client.header("content-encoding")).isEmpty();
        }
    }

    @Test
    void aStreamBeginsWithTheWaitAndThePosition() {
        String id = gateway.publish("begin", "before");

        try (SseClient client = gateway.subscribe("/events/begin")) {
            Heard retry = client.next();
            assertThat(retry.kind()).isEqualTo(Kind.RETRY);
            assertThat(Integer.parseInt(retry.text())).isBetween(1000, 1500);
            assertThat(client.next())
                    .matches(it -> it.is(Kind.POSITION) && it.id().equals(id));
        }
    }

    @Test
    void whatIsPublishedArrivesUnderTheIdThePublisherWasTold() {
        try (SseClient client = gateway.subscribe("/events/news")) {
            client.next(Kind.POSITION);

            HttpResponse<String> answer = gateway.post("/events/news", "hello");

            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.headers().firstValue("lifeline-node"))
                    .hasValue(gateway.gateway().id());
            Heard event = client.event();
            assertThat(event.id()).isEqualTo(new JsonObject(answer.body()).getString("id"));
            assertThat(event.type()).isEqualTo("message");
            assertThat(event.text()).isEqualTo("hello");
        }
    }

    @Test
    void anEventHasTheTypeItsPublisherNames() {
        try (SseClient client = gateway.subscribe("/events/typed")) {
            client.next(Kind.POSITION);

            gateway.post("/events/typed?event=price%20change", "1");

            assertThat(client.event().type()).isEqualTo("price change");
        }
    }

    @Test
    void linesAreEventsOfTheirOwnAndEmptyOnesAreNone() {
        try (SseClient client = gateway.subscribe("/events/lines")) {
            client.next(Kind.POSITION);

            HttpResponse<String> answer = gateway.post(
                    "/events/lines",
                    "{\"a\":1}\r\n\n{\"a\":2}\n",
                    "Content-Type",
                    "application/x-ndjson; charset=utf-8");

            assertThat(answer.statusCode()).isEqualTo(202);
            List<Heard> events = List.of(client.event(), client.event());
            assertThat(events).extracting(Heard::text).containsExactly("{\"a\":1}", "{\"a\":2}");
            assertThat(new JsonObject(answer.body()).getJsonArray("ids"))
                    .containsExactlyElementsOf(events.stream().map(Heard::id).toList());
        }
    }

    @Test
    void aRepeatedKeyIsOneEventAndTheSameAnswer() {
        try (SseClient client = gateway.subscribe("/events/keys")) {
            client.next(Kind.POSITION);

            String first = gateway.publish("keys", "once", "Idempotency-Key", "k-1");
            String again = gateway.publish("keys", "once", "Idempotency-Key", "k-1");
            gateway.publish("keys", "other", "Idempotency-Key", "k-2");

            assertThat(again).isEqualTo(first);
            assertThat(client.event().text()).isEqualTo("once");
            assertThat(client.event().text()).isEqualTo("other");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two\nlines",
                "cr\rhere",
                "crlf\r\nhere",
                "\n\nleading",
                "trailing\n",
                "a\u0000b",
                "😀 é \u2028 \uFEFF",
                "",
                " leading space",
                "data: x\n\nevent: evil\nid: 9-9",
                "tab\tand:colon"
            })
    void dataOfAnyKindArrivesWithItsLineEndsAsLf(String data) {
        try (SseClient client = gateway.subscribe("/events/data")) {
            client.next(Kind.POSITION);

            gateway.publish("data", data);

            Heard event = client.event();
            assertThat(event.text()).isEqualTo(data.replace("\r\n", "\n").replace('\r', '\n'));
            assertThat(event.type()).isEqualTo("message");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoComesBackGetsWhatItMissedAndThenWhatIsNew(boolean byHeader) {
        String channel = byHeader ? "resume-h" : "resume-q";
        String seen = gateway.publish(channel, "seen");
        gateway.publish(channel, "missed 1");
        gateway.publish(channel, "missed 2");

        try (SseClient client = byHeader
                ? gateway.subscribe("/events/" + channel, "Last-Event-ID", seen)
                : gateway.subscribe("/events/" + channel + "?lastEventId=" + seen)) {
            assertThat(client.event().text()).isEqualTo("missed 1");
            assertThat(client.event().text()).isEqualTo("missed 2");
            gateway.publish(channel, "new");
            assertThat(client.event().text()).isEqualTo("new");
        }
    }

    @Test
    void theHeaderCountsMoreThanTheAddress() {
        String first = gateway.publish("both", "1");
        String second = gateway.publish("both", "2");
        gateway.publish("both", "3");

        try (SseClient client = gateway.subscribe("/events/both?lastEventId=" + first, "Last-Event-ID", second)) {
            assertThat(client.event().text()).isEqualTo("3");
        }
        try (SseClient client = gateway.subscribe("/events/both?lastEventId=" + first, "Last-Event-ID", "")) {
            assertThat(client.event().text()).isEqualTo("2");
        }
    }

    @Test
    void whatFellOutOfTheBufferIsSaidBeforeTheRest() {
        String seen = gateway.publish("evicted", "0");
        for (int i = 1; i <= 8; i++) {
            gateway.publish("evicted", Integer.toString(i));
        }

        try (SseClient client = gateway.subscribe("/events/evicted", "Last-Event-ID", seen)) {
            Heard gap = client.event();
            JsonObject verdict = new JsonObject(gap.text());
            assertThat(gap.type()).isEqualTo("gap");
            assertThat(verdict.getString("reason")).isEqualTo("evicted");
            assertThat(verdict.getString("from")).isEqualTo(seen);
            assertThat(verdict.getString("to")).isEqualTo(gap.id()).endsWith("-4");
            assertThat(List.of(client.event(), client.event(), client.event(), client.event(), client.event()))
                    .extracting(Heard::text)
                    .containsExactly("4", "5", "6", "7", "8");
        }
    }

    @Test
    void anotherLifeOfTheStreamIsSaid() {
        gateway.publish("epoch", "kept");

        try (SseClient client = gateway.subscribe("/events/epoch", "Last-Event-ID", "1-7")) {
            Heard gap = client.event();
            assertThat(gap.type()).isEqualTo("gap");
            assertThat(new JsonObject(gap.text()).getString("reason")).isEqualTo("epoch");
            assertThat(client.event().text()).isEqualTo("kept");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "-1", "zz-zz", "1-007", "%00", "9223372036854775808-1"})
    void anIdThatIsNoneOfOursIsSaid(String id) {
        gateway.publish("unknown", "kept");

        try (SseClient client = gateway.subscribe("/events/unknown?lastEventId=" + id)) {
            JsonObject verdict = new JsonObject(client.event().text());
            assertThat(verdict.getString("reason")).isEqualTo("unknown");
            assertThat(verdict.getString("from")).isNull();
            assertThat(client.event().type()).isEqualTo("message");
        }
    }

    @Test
    void anIdFromTheFutureIsUnknownToo() {
        String id = gateway.publish("future", "kept");
        String future = id.substring(0, id.indexOf('-')) + "-99";

        try (SseClient client = gateway.subscribe("/events/future", "Last-Event-ID", future)) {
            assertThat(new JsonObject(client.event().text()).getString("reason"))
                    .isEqualTo("unknown");
            assertThat(client.event().text()).isEqualTo("kept");
        }
    }

    @Test
    void aHeartbeatIsACommentOrAnEventAsAsked() {
        try (SseClient comments = gateway.subscribe("/events/beat?heartbeat=comment");
                SseClient events = gateway.subscribe("/events/beat?heartbeat=event")) {
            assertThat(comments.next(Kind.COMMENT).text()).startsWith("20").endsWith("Z");
            Heard beat = events.event();
            assertThat(beat.type()).isEqualTo("heartbeat");
            assertThat(new JsonObject(beat.text()).getString("time")).endsWith("Z");
            assertThat(events.unread()).noneMatch(it -> it.is(Kind.COMMENT));
        }
    }

    @Test
    void aHeartbeatEventDoesNotMoveThePosition() {
        String id = gateway.publish("still", "1");

        try (SseClient client = gateway.subscribe("/events/still?heartbeat=event")) {
            assertThat(client.until(it -> it.isEvent("heartbeat")).get(0).id()).isEqualTo(id);
        }
    }

    @Test
    void aPageFromThisMachineMayReadAndAForeignOneMayNot() {
        try (SseClient mine = gateway.subscribe("/events/page", "Origin", "http://localhost:3000")) {
            assertThat(mine.status()).isEqualTo(200);
            assertThat(mine.header("access-control-allow-origin")).isEqualTo("http://localhost:3000");
            assertThat(mine.header("vary")).isEqualTo("Origin");
            assertThat(mine.header("access-control-expose-headers")).contains("Lifeline-Node");
        }
        assertThat(gateway.exchange(
                        "GET /events/page HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("foreign-origin")
                .doesNotContainIgnoringCase("allow-origin");
    }

    @Test
    void aPreflightSaysWhatPagesMaySend() {
        String answer = gateway.exchange("OPTIONS /events/page HTTP/1.1\r\nHost: localhost\r\n"
                + "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: last-event-id\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("access-control-allow-origin: http://localhost:3000\r\n")
                .containsIgnoringCase("access-control-allow-methods: GET, POST, DELETE\r\n")
                .containsIgnoringCase("Last-Event-ID");
    }

    @Test
    void anHttp10ClientGetsTheStreamWithoutChunks() {
        try (SseClient client = new SseClient(
                        gateway.connect(),
                        "GET /events/old HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
                .listen()) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("transfer-encoding")).isEmpty();
            assertThat(client.header("connection")).isEqualTo("close");
            client.next(Kind.POSITION);

            gateway.publish("old", "still works");

            assertThat(client.event().text()).isEqualTo("still works");
        }
    }

    @Test
    void aConnectionThatServedAnAnswerBeforeCarriesAStreamToo() {
        String one = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

        try (SseClient client = new SseClient(gateway.connect(), one + one.replace("/health/live", "/events/second"))) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("content-type")).isEqualTo("application/json");
        }
    }
}
