package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway that has been used tells of itself, and what the pages and files under {@code docs/operations} make of it. */
class MetricsPageTest {

    private static final Path DOCS = Path.of("..", "docs", "operations");
    private static final Pattern NAME = Pattern.compile("\\b(?:sse|mcp|process)_[a-z_]+");
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";
    private static final String[] JSON = {
        "Content-Type", "application/json", "Accept", "application/json, text/event-stream"
    };

    private static FakeMcpServer upstream;
    private static RunningGateway gateway;
    private static MetricsPage page;

    @BeforeAll
    static void useAGateway() {
        upstream = FakeMcpServer.start();
        gateway = RunningGateway.with("--upstream", "docs=" + upstream.url());
        try (SseClient reader = gateway.subscribe("/events/secret-channel")) {
            String first = reader.next(Kind.POSITION).id();
            gateway.publish("secret-channel", "x", "Idempotency-Key", "once");
            gateway.publish("secret-channel", "x", "Idempotency-Key", "once");
            try (SseClient back = gateway.subscribe("/events/secret-channel", "Last-Event-ID", first);
                    SseClient lost = gateway.subscribe("/events/secret-channel", "Last-Event-ID", "nonsense")) {
                back.event();
                lost.event();
            }
        }
        String session = gateway.post("/mcp", INITIALIZE, JSON)
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        String[] inSession = {JSON[0], JSON[1], JSON[2], JSON[3], "Mcp-Session-Id", session};
        upstream.forgetSessions();
        gateway.post("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}", inSession);
        RunningGateway.eventually("streams are over", () -> gateway.connections() == 0);
        page = new MetricsPage(gateway.get("/metrics").body());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void everyMeterSaysWhatItCountsAndInWhichUnit() {
        assertThat(page.families()).hasSizeGreaterThan(30).allSatisfy((name, family) -> {
            assertThat(family.type).as(name).isNotEmpty().isNotEqualTo("untyped");
            assertThat(family.help).as(name).matches("[A-Z0-9].{8,} \\([a-z0-9 ]+\\)");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sse_reconnection_attempts_total",
                "sse_reconnection_success_total",
                "sse_reconnection_failure_total",
                "sse_events_deduplicated_total",
                "sse_client_reconnections_total",
                "sse_upstream_connection_duration_seconds",
                "sse_last_event_id_cache_hit_ratio"
            })
    void theNamesThatWereAskedForAreThere(String name) {
        assertThat(page.families()).containsKey(name);
    }

    @Test
    void labelsAreFewAndTheirValuesFromClosedLists() {
        page.families()
                .forEach((name, family) -> family.labels.forEach((label, values) -> {
                    assertThat(label).as(name).isIn("reason", "limit", "transport", "outcome", "upstream", "le");
                    assertThat(values)
                            .as(name)
                            .hasSizeLessThanOrEqualTo(20)
                            .allSatisfy(value -> assertThat(value).matches("[a-z_]+|\\+Inf|[0-9.]+"));
                }));
    }

    @Test
    void nothingThatNamesSomebodyIsInIt() {
        assertThat(gateway.get("/metrics").body()).doesNotContain("secret-channel", "127.0.0.1", "nonsense");
    }

    @Test
    void thePageInTheDocsIsWhatTheGatewaySays() throws IOException {
        Path file = DOCS.resolve("metrics.md");
        if (Boolean.getBoolean("lifeline.write")) {
            Files.writeString(file, page.markdown());
        }

        assertThat(Files.readString(file))
                .as("docs/operations/metrics.md is out of date; how to write it anew stands in it")
                .isEqualTo(page.markdown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"grafana-dashboard.json", "alerts.yaml", "alerts-test.yaml"})
    void whatTheFilesAskForExists(String file) throws IOException {
        Set<String> asked = new TreeSet<>();
        Matcher name = NAME.matcher(Files.readString(DOCS.resolve(file)));
        while (name.find()) {
            asked.add(name.group());
        }

        assertThat(asked).isNotEmpty();
        assertThat(page.samples()).containsAll(asked);
    }
}
