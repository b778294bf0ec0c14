package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a link is alive is said, often enough and no oftener. The interval is short here; everything scales with it. */
class HeartbeatTest {

    private static final long INTERVAL = 600;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.with("--heartbeat-interval", INTERVAL + "ms", "--connection-timeout", "1500ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aQuietLinkBeatsOnTimeAndOutlivesTheConnectionTimeout() {
        try (SseClient client = gateway.subscribe("/events/quiet")) {
            List<Heard> beats = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                beats.add(client.next(Kind.COMMENT));
            }

            for (int i = 1; i < beats.size(); i++) {
                Duration said = Duration.between(
                        Instant.parse(beats.get(i - 1).text()),
                        Instant.parse(beats.get(i).text()));
                assertThat(said.toMillis()).isBetween(INTERVAL * 3 / 4, INTERVAL * 3 / 2);
            }
            Duration all = Duration.between(
                    Instant.parse(beats.get(0).text()),
                    Instant.parse(beats.get(5).text()));
            assertThat(all.toMillis()).isBetween(5 * INTERVAL - INTERVAL / 10, 5 * INTERVAL + INTERVAL / 2);
        }
    }

    @Test
    void theFirstBeatIsNeverLate() {
        long before = System.nanoTime();
        try (SseClient client = gateway.subscribe("/events/first")) {
            Heard beat = client.next(Kind.COMMENT);

            assertThat(TimeUnit.NANOSECONDS.toMillis(beat.nanos() - before))
                    .isBetween(INTERVAL * 7 / 10, INTERVAL * 3 / 2);
        }
    }

    @Test
    void aBusyLinkDoesNotBeat() {
        try (SseClient client = gateway.subscribe("/events/busy")) {
            client.next(Kind.POSITION);
            for (int i = 0; i < 20; i++) {
                gateway.publish("busy", Integer.toString(i));
                RunningGateway.pause(INTERVAL / 8);
            }

            List<Heard> all = client.until(it -> it.is(Kind.EVENT) && it.text().equals("19"));
            assertThat(all).noneMatch(it -> it.is(Kind.COMMENT));
            client.next(Kind.COMMENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linksThatWereWrittenToTogetherDoNotBeatTogether(boolean byAnEvent) {
        String channel = "spread-" + byAnEvent;
        List<SseClient> clients = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clients.add(gateway.subscribe("/events/" + channel));
        }
        if (byAnEvent) {
            gateway.publish(channel, "to all");
            clients.forEach(SseClient::event);
        }

        long different = clients.stream()
                .map(client -> client.next(Kind.COMMENT).text())
                .distinct()
                .count();

        assertThat(different).as("moments at which 60 links beat").isGreaterThanOrEqualTo(4);
        clients.forEach(SseClient::close);
    }

    @Test
    void beatsAreCountedAndTheShareThatWasOnTimeIsShown() {
        try (SseClient client = gateway.subscribe("/events/counted")) {
            client.next(Kind.COMMENT);

            assertThat(gateway.metric("sse_heartbeats_total")).isGreaterThanOrEqualTo(1);
            assertThat(gateway.sse().getDouble("heartbeat_success_rate")).isGreaterThan(0.995);
        }
    }

    @Test
    void aConnectionEndsWithItsStreamAndHearsNothingMeanwhile() throws Exception {
        try (RunningGateway renewing = RunningGateway.with(
                        "--heartbeat-interval",
                        "200ms",
                        "--connection-timeout",
                        "600ms",
                        "--connection-max-age",
                        "700ms");
                SseClient client = renewing.subscribe("/events/renewed")) {
            client.socket().getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());

            assertThat(client.end().kind()).isEqualTo(Kind.END);
            assertThat(renewing.ended("rotated")).isEqualTo(1);
            client.socket().setSoTimeout(5000);
            assertThat(client.socket().getInputStream().readAllBytes()).isEmpty();
        }
    }
}
