package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.metrics.MicrometerMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The names that dashboards know sessions and upstreams by. */
class MetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void sessionsAndTheirExchangesAreCounted() {
        SessionMeters meters = new SessionMeters(registry);

        meters.sessionOpened("legacy");
        meters.sessionClosed("expired");
        meters.exchangeSettled("answered", Duration.ofSeconds(2));
        meters.linkRenewed("docs");
        meters.takenOver(3);

        assertThat(count("mcp_sessions_opened", "transport", "legacy")).isEqualTo(1);
        assertThat(count("mcp_sessions_closed", "reason", "expired")).isEqualTo(1);
        assertThat(registry.get("mcp_exchange_duration")
                        .tag("outcome", "answered")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(count("mcp_links_renewed", "upstream", "docs")).isEqualTo(1);
        assertThat(count("mcp_sessions_taken_over")).isEqualTo(1);
        assertThat(count("mcp_exchanges_taken_over")).isEqualTo(3);
    }

    @Test
    void streamsOfUpstreamsAreCountedByTheirUpstream() {
        UpstreamMeters meters = new UpstreamMeters(registry, new MicrometerMetrics(registry), "docs");

        meters.reconnecting();
        meters.reconnecting();
        meters.reconnected();
        meters.reconnectFailed();
        meters.disconnected(Duration.ofSeconds(7));
        meters.deduplicated(4);

        assertThat(count("sse_reconnection_attempts", "upstream", "docs")).isEqualTo(2);
        assertThat(count("sse_reconnection_success", "upstream", "docs")).isEqualTo(1);
        assertThat(count("sse_reconnection_failure", "upstream", "docs")).isEqualTo(1);
        assertThat(registry.get("sse_upstream_connection_duration").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(count("sse_events_deduplicated")).isEqualTo(4);
    }
}
