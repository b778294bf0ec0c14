package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.fake.Toolman;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A request has one name from the client to the log and the upstream: over real sockets, through a whole gateway. */
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String[] JSON = {
        "Content-Type", "application/json", "Accept", "application/json, text/event-stream"
    };
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}";
    private static final String MODERN =
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{\"_meta\":{"
                    + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}";

    private final FakeMcpServer upstream = FakeMcpServer.start();
    private final Logger root = (Logger) LoggerFactory.getLogger("dev.lifeline.gateway");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent record) {
            // What is in the thread's context is read when it is asked for, and then the thread is elsewhere.
            record.prepareForDeferredProcessing();
            super.append(record);
        }
    };

    @BeforeEach
    void listen() {
        logged.start();
        root.setLevel(Level.DEBUG);
        root.addAppender(logged);
    }

    @AfterEach
    void leave() {
        root.detachAppender(logged);
        root.setLevel(null);
        upstream.close();
    }

    private RunningGateway before(URI server) {
        return RunningGateway.with("--upstream", server.toString());
    }

    private static String[] with(String[] some, String... more) {
        String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static String begin(RunningGateway gateway, String... headers) {
        return gateway.post("/mcp", INITIALIZE, with(JSON, headers))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private FakeMcpServer.Arrival arrived(String text) {
        return upstream.arrivals("POST").stream()
                .filter(arrival -> arrival.body().contains(text))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRequestToAnUpstreamCarriesTheContextOfTheRequestThatCausedIt(boolean legacy) {
        try (RunningGateway gateway = before(legacy ? upstream.sseUrl() : upstream.url())) {
            String session = begin(gateway, "traceparent", PARENT, "tracestate", "a=1", "baggage", "user=x");
            String other = PARENT.replace("4bf9", "aaaa");
            gateway.post("/mcp", PING, with(JSON, "Mcp-Session-Id", session, "traceparent", other));

            var first = arrived("\"initialize\"").headers();
            assertThat(first.get("traceparent")).isEqualTo(PARENT);
            assertThat(first.get("tracestate")).isEqualTo("a=1");
            assertThat(first.get("baggage")).isEqualTo("user=x");
            var second = arrived("\"ping\"").headers();
            assertThat(second.get("traceparent")).isEqualTo(other);
            assertThat(second.contains("tracestate")).isFalse();
            assertThat(second.contains("baggage")).isFalse();
        }
    }

    @Test
    void whatIsMalformedGoesNoFurtherAndNothingIsMadeUp() {
        try (RunningGateway gateway = before(upstream.url())) {
            String session = begin(gateway, "traceparent", "00-nonsense", "tracestate", "a=1", "baggage", "a b c");
            gateway.post("/mcp", PING, with(JSON, "Mcp-Session-Id", session));

            assertThat(upstream.arrivals("POST")).hasSizeGreaterThanOrEqualTo(2).allSatisfy(arrival -> {
                for (String header : List.of("traceparent", "tracestate", "baggage")) {
                    assertThat(arrival.headers().contains(header)).as(header).isFalse();
                }
            });
        }
    }

    @Test
    void theModernRevisionIsHeldToTheSameRules() {
        String[] modern = with(JSON, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list");
        try (RunningGateway gateway = before(upstream.url())) {
            gateway.post("/mcp", MODERN, with(modern, "traceparent", PARENT, "baggage", "a b c"));

            var headers = arrived("2026-07-28").headers();
            assertThat(headers.get("traceparent")).isEqualTo(PARENT);
            assertThat(headers.contains("baggage")).isFalse();
        }
    }

    @Test
    void aLegacyClientsRequestIsNoOther() throws Exception {
        try (RunningGateway gateway = before(upstream.url())) {
            new Toolman(URI.create("http://127.0.0.1:" + gateway.port() + "/sse"), "some").call("tools/list");

            assertThat(arrived("tools/list").headers().contains("traceparent")).isFalse();
            HttpResponse<String> posted =
                    gateway.post("/messages", PING, with(JSON, "Prefer", "wait=5", "traceparent", PARENT));

            assertThat(posted.headers().firstValue("X-Request-Id")).contains(TRACE);
            assertThat(arrived("\"ping\"").headers().get("traceparent")).isEqualTo(PARENT);
        }
    }

    @ParameterizedTest
    @CsvSource({"x-1_2.3:4/5+6=, true", "white space, false", "<b>, false", "'', false"})
    void aRequestKeepsTheNameItCameWithIfThatIsOne(String name, boolean kept) {
        try (RunningGateway gateway = before(upstream.url())) {
            HttpResponse<String> answer = gateway.get("/nowhere", "X-Request-Id", name);

            String given = answer.headers().firstValue("X-Request-Id").orElseThrow();
            assertThat(given.equals(name)).isEqualTo(kept);
            assertThat(given).matches(kept ? ".+" : "[0-9a-f]{16}");
            assertThat(new JsonObject(answer.body()).getString("request_id")).isEqualTo(given);
        }
    }

    @Test
    void aTraceIsTheBetterName() {
        try (RunningGateway gateway = before(upstream.url())) {
            HttpResponse<String> answer = gateway.get("/health", "X-Request-Id", "mine", "traceparent", PARENT);

            assertThat(answer.headers().allValues("X-Request-Id")).containsExactly(TRACE);
        }
    }

    @Test
    void streamsAndUnreadableRequestsAreNamedToo() {
        try (RunningGateway gateway = before(upstream.url());
                SseClient stream = gateway.subscribe("/events/a", "X-Request-Id", "reader-1")) {
            assertThat(stream.header("x-request-id")).isEqualTo("reader-1");
            assertThat(gateway.exchange("GET / HTTP/9.9.9\r\n\r\n")).contains("\"request_id\":\"");
        }
    }

    @Test
    void logRecordsOfARequestSayItsName() {
        try (RunningGateway gateway = before(upstream.url())) {
            gateway.get("/nowhere", "X-Request-Id", "lost");
            gateway.post("/mcp", "no json", with(JSON, "X-Request-Id", "garbled"));
            String session = begin(gateway);
            upstream.hangUpOnNext("POST");
            String call = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}";
            String answer = gateway.post("/mcp", call, with(JSON, "Mcp-Session-Id", session, "X-Request-Id", "cut"))
                    .body();

            assertThat(answer).contains("-32011");
            assertThat(names("a request was refused")).contains("lost", "garbled");
            assertThat(names("a request has ended without its answer")).containsExactly("cut");
        }
    }

    private List<String> names(String message) {
        return List.copyOf(logged.list).stream()
                .filter(record -> record.getFormattedMessage().equals(message))
                .map(record -> record.getMDCPropertyMap().getOrDefault("request_id", pair(record)))
                .toList();
    }

    private static String pair(ILoggingEvent record) {
        return record.getKeyValuePairs().stream()
                .filter(pair -> pair.key.equals("request_id"))
                .map(pair -> String.valueOf(pair.value))
                .findFirst()
                .orElse("none");
    }
}
