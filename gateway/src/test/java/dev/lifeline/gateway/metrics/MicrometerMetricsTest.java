package dev.lifeline.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.CloseReason;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** R38: the names operators see, as Prometheus scrapes them. */
class MicrometerMetricsTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics metrics = new MicrometerMetrics(registry);

    private Stream<String> scraped() {
        return registry.scrape().lines().filter(line -> !line.startsWith("#"));
    }

    private double value(String meter) {
        return scraped()
                .filter(line -> line.startsWith(meter + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(meter + " is not among\n" + registry.scrape()));
    }

    @Test
    void countsCarryTheNamesOperatorsWerePromised() {
        metrics.published(3);
        metrics.deduplicated(2);
        metrics.delivered(5, 700);
        metrics.relayed(4);
        metrics.lagged();
        metrics.caughtUp();
        metrics.gap("evicted");
        metrics.connectionRefused("address");
        metrics.heartbeats(10, 1);

        assertThat(value("sse_events_published_total")).isEqualTo(3);
        assertThat(value("sse_events_deduplicated_total")).isEqualTo(2);
        assertThat(value("sse_events_delivered_total")).isEqualTo(5);
        assertThat(value("sse_bytes_delivered_total")).isEqualTo(700);
        assertThat(value("sse_events_relayed_total")).isEqualTo(4);
        assertThat(value("sse_lags_total")).isEqualTo(1);
        assertThat(value("sse_catch_ups_total")).isEqualTo(1);
        assertThat(value("sse_gaps_total{reason=\"evicted\"}")).isEqualTo(1);
        assertThat(value("sse_connections_refused_total{limit=\"address\"}")).isEqualTo(1);
        assertThat(value("sse_heartbeats_total")).isEqualTo(10);
        assertThat(value("sse_heartbeats_late_total")).isEqualTo(1);
    }

    @Test
    void aResumeIsAReconnectionAndAHitOrAMiss() {
        assertThat(value("sse_last_event_id_cache_hit_ratio")).isEqualTo(1);

        metrics.resumed(true);
        metrics.resumed(true);
        metrics.resumed(true);
        metrics.resumed(false);

        assertThat(value("sse_client_reconnections_total")).isEqualTo(4);
        assertThat(value("sse_last_event_id_cache_hit_ratio")).isEqualTo(0.75);
        assertThat(value("sse_last_event_id_cache_hits_total")).isEqualTo(3);
        assertThat(value("sse_last_event_id_cache_misses_total")).isEqualTo(1);
    }

    @Test
    void whatOperatorsWerePromisedIsThereBeforeItFirstHappens() {
        assertThat(value("sse_client_reconnections_total")).isZero();
        assertThat(value("sse_events_deduplicated_total")).isZero();
    }

    @Test
    void connectionsAreCountedTimedAndToldApartByTheirEnd() {
        assertThat(metrics.averageConnectionSeconds()).isZero();
        metrics.connectionOpened();
        metrics.connectionOpened();
        metrics.connectionOpened();

        metrics.connectionClosed(CloseReason.CLIENT_LEFT, Duration.ofSeconds(2));
        metrics.connectionClosed(CloseReason.STALLED, Duration.ofSeconds(4));

        assertThat(metrics.activeConnections()).isEqualTo(1);
        assertThat(metrics.totalConnections()).isEqualTo(3);
        assertThat(metrics.averageConnectionSeconds()).isEqualTo(3);
        assertThat(value("sse_connections_active")).isEqualTo(1);
        assertThat(value("sse_connections_total")).isEqualTo(3);
        assertThat(value("sse_connection_duration_seconds_sum{reason=\"stalled\"}"))
                .isEqualTo(4);
    }

    @Test
    void heartbeatsSucceedUntilOneIsLate() {
        assertThat(metrics.heartbeatSuccessRate()).isEqualTo(1);

        metrics.heartbeats(200, 0);
        metrics.heartbeats(200, 4);

        assertThat(metrics.heartbeatSuccessRate()).isEqualTo(0.99);
    }

    @Test
    void theLogIsThereUntilItIsLostFromSight() {
        assertThat(value("sse_log_available")).isEqualTo(1);

        metrics.logAvailable(false);
        assertThat(value("sse_log_available")).isZero();
        metrics.logAvailable(true);

        assertThat(value("sse_log_available")).isEqualTo(1);
    }

    @Test
    void labelsComeFromClosedListsAndNeverNameAChannelASessionOrAClient() {
        countsCarryTheNamesOperatorsWerePromised();
        connectionsAreCountedTimedAndToldApartByTheirEnd();

        assertThat(scraped().filter(line -> line.contains("{")))
                .isNotEmpty()
                .allMatch(line -> line.matches("[a-z_]+\\{(reason|limit)=\"[a-z_]+\"} .*"));
    }

    @Test
    void countingNothingIsAllowedEverywhere() {
        GatewayMetrics none = GatewayMetrics.NONE;

        none.published(1);
        none.deduplicated(1);
        none.delivered(1, 1);
        none.relayed(1);
        none.resumed(true);
        none.gap("evicted");
        none.lagged();
        none.caughtUp();
        none.connectionOpened();
        none.connectionClosed(CloseReason.DRAINED, Duration.ZERO);
        none.connectionRefused("address");
        none.heartbeats(1, 0);
        none.logAvailable(true);

        assertThat(scraped()).isNotEmpty();
    }
}
