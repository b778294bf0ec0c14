package dev.lifeline.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes wrong is refused in one form, with a reason, and harms nobody. */
class BadInputTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.with("--max-body", "4KiB", "--max-event-bytes", "64", "--connection-timeout", "60s");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void itServesOn() {
        assertThat(gateway.publish("afterwards", "fine")).isNotEmpty();
        assertThat(gateway.connections()).isZero();
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                row("an unknown path", get("/nothing/here"), 404, "not-found"),
                row("no channel", get("/events/"), 404, "not-found"),
                row("a channel below a channel", get("/events/a/b"), 404, "not-found"),
                row("another method", request("PUT", "/events/a", ""), 405, "method-not-allowed"),
                row("no GET either", request("HEAD", "/events/a", ""), 405, null),
                row("a method nobody knows", request("BREW", "/events/a", ""), 405, "method-not-allowed"),
                row("options that are no preflight", request("OPTIONS", "/events/a", ""), 405, "method-not-allowed"),
                row("a slash in the name", get("/events/a%2Fb"), 400, "bad-channel-name"),
                row("a NUL in the name", get("/events/a%00b"), 400, "bad-channel-name"),
                row("a line end in the name", get("/events/a%0D%0Ab"), 400, "bad-channel-name"),
                row("a space in the name", get("/events/a%20b"), 400, "bad-channel-name"),
                row("a foreign letter in the name", get("/events/%C3%A9"), 400, "bad-channel-name"),
                row("a mark at its beginning", get("/events/-a"), 400, "bad-channel-name"),
                row("a brace, as in a hash tag", get("/events/%7Ba%7D"), 400, "bad-channel-name"),
                row("a star in the name", get("/events/a*"), 400, "bad-channel-name"),
                row("a name too long", get("/events/" + "a".repeat(129)), 400, "bad-channel-name"),
                row("a name that is no escape", get("/events/%zz"), 400, "bad-request"),
                row("a bad name to publish to", post("/events/a%2Fb", "", "x"), 400, "bad-channel-name"),
                row("a query that is no escape", get("/events/a?lastEventId=%zz"), 400, "bad-request"),
                row("another kind of heartbeat", get("/events/a?heartbeat=loud"), 400, "bad-request"),
                row("another form", request("GET", "/events/a", "Accept: text/html\r\n"), 406, "not-acceptable"));
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                row("no UTF-8", post("/events/a", "", "\u00ff\u00fe"), 400, "bad-utf8"),
                row("UTF-8 cut short", post("/events/a", "", "\u00e2\u0082"), 400, "bad-utf8"),
                row("a type of ours", post("/events/a?event=gap", "", "x"), 400, "bad-request"),
                row("another type of ours", post("/events/a?event=heartbeat", "", "x"), 400, "bad-request"),
                row("a type with a line end", post("/events/a?event=a%0Adata:b", "", "x"), 400, "bad-request"),
                row("a type too long", post("/events/a?event=" + "t".repeat(129), "", "x"), 400, "bad-request"),
                row("a key with a space", post("/events/a", "Idempotency-Key: a b\r\n", "x"), 400, "bad-request"),
                row("an empty key", post("/events/a", "Idempotency-Key:\r\n", "x"), 400, "bad-request"),
                row(
                        "a key too long",
                        post("/events/a", "Idempotency-Key: " + "k".repeat(201) + "\r\n", "x"),
                        400,
                        "bad-request"),
                row("a picture", post("/events/a", "Content-Type: image/png\r\n", "x"), 415, "unsupported-media-type"),
                row("lines without an event", post("/events/a", NDJSON, "\n \n"), 400, "bad-request"),
                row("too many lines", post("/events/a", NDJSON, "1\n".repeat(1001)), 400, "bad-request"),
                row("an event too large", post("/events/a", "", "x".repeat(65)), 413, "event-too-large"),
                row(
                        "an event too large in bytes",
                        post("/events/a", "", "\u00e2\u0082\u00ac".repeat(22)),
                        413,
                        "event-too-large"),
                row("a line too large", post("/events/a", NDJSON, "1\n" + "x".repeat(65)), 413, "event-too-large"),
                row("a body too large", post("/events/a", "", "x".repeat(5000)), 413, "body-too-large"),
                row(
                        "a body too large that is not there yet",
                        request("POST", "/events/a", "Content-Length: 999999999\r\n"),
                        413,
                        "body-too-large"),
                row(
                        "a body too large in chunks",
                        request("POST", "/events/a", "Transfer-Encoding: chunked\r\n")
                                + ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(5),
                        413,
                        "body-too-large"));
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                row(
                        "a body on a GET",
                        request("GET", "/events/a", "Content-Length: 1\r\n") + "x",
                        400,
                        "unexpected-body"),
                row(
                        "a length one letter off",
                        request("POST", "/events/a", "Content-Xength: 1\r\n"),
                        400,
                        "ambiguous-request"),
                row("two hosts", request("GET", "/events/a", "Host: localhost\r\n"), 400, "bad-host"),
                row("no host", "GET /events/a HTTP/1.1\r\n\r\n", 400, "bad-host"),
                row("a foreign host", "GET /events/a HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "foreign-host"),
                row(
                        "a foreign page",
                        request("GET", "/events/a", "Origin: https://evil.example\r\n"),
                        403,
                        "foreign-origin"),
                row("no origin at all", request("GET", "/events/a", "Origin: null\r\n"), 403, "foreign-origin"),
                row(
                        "a foreign page that posts",
                        post("/events/a", "Origin: http://evil\r\n", "x"),
                        403,
                        "foreign-origin"));
    }

    private static final String NDJSON = "Content-Type: application/x-ndjson\r\n";

    private static Arguments row(String what, String request, int status, String slug) {
        return Arguments.of(what, request, status, slug);
    }

    private static String get(String path) {
        return request("GET", path, "");
    }

    private static String post(String path, String headers, String body) {
        return request("POST", path, headers + "Content-Length: " + body.length() + "\r\n") + body;
    }

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n";
    }

    @ParameterizedTest(name = "{0} -> {2} {3}")
    @MethodSource({"targets", "bodies", "heads"})
    void isRefusedWithAReason(String what, String request, int status, String slug) {
        String answer = gateway.exchange(request);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Lifeline-Node: ");
        if (slug != null) {
            String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
            assertThat(head).contains("content-type: application/problem+json").contains("cache-control: no-store");
            JsonObject problem = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            assertThat(problem.getString("type")).isEqualTo("urn:lifeline:problem:" + slug);
            assertThat(problem.getInteger("status")).isEqualTo(status);
            assertThat(problem.getString("detail")).isNotBlank();
        }
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        assertThat(gateway.exchange(request("DELETE", "/events/a", "")))
                .containsIgnoringCase("\r\nallow: GET, POST\r\n");
        assertThat(gateway.exchange(request("POST", "/health", "Content-Length: 0\r\n")))
                .containsIgnoringCase("\r\nallow: GET\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /events/a HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "GET /events/a HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "POST /events/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /events/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "\r\n\r\n\r\n"
            })
    void whatIsNoHttpGetsNoStream(String bytes) {
        String answer = gateway.exchange(bytes);

        assertThat(answer)
                .doesNotContain(" 200 ")
                .doesNotContain("event-stream")
                .doesNotContain("Exception");
    }

    @Test
    void headsTooLargeAreRefused() {
        assertThat(gateway.exchange(get("/events/" + "a".repeat(9000))))
                .contains(" 414 ", "urn:lifeline:problem:target-too-long");
        assertThat(gateway.exchange(request("GET", "/events/a", "X: " + "a".repeat(20_000) + "\r\n")))
                .contains(" 431 ", "urn:lifeline:problem:headers-too-large");
    }

    @Test
    void textOfAnyLabelIsTakenForUtf8() {
        assertThat(gateway.exchange(post("/events/a", "Content-Type: text/plain; charset=utf-8\r\n", "x")))
                .startsWith("HTTP/1.1 202 ");
        assertThat(gateway.exchange(post("/events/a", "Content-Type: application/x-www-form-urlencoded\r\n", "a=b")))
                .startsWith("HTTP/1.1 202 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "text/event-stream", "text/html, text/event-stream;q=0.1", ""})
    void whoTakesEventsIsWelcome(String accept) {
        try (SseClient client =
                accept.isEmpty() ? gateway.subscribe("/events/a") : gateway.subscribe("/events/a", "Accept", accept)) {
            assertThat(client.status()).isEqualTo(200);
        }
        RunningGateway.eventually("its place is free", () -> gateway.connections() == 0);
    }
}
