package dev.lifeline.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Upstreams that nobody counts. */
class UpstreamMetricsTest {

    @Test
    void nobodyHasToCount() {
        assertThatNoException().isThrownBy(() -> {
            UpstreamMetrics.NONE.reconnecting();
            UpstreamMetrics.NONE.reconnected();
            UpstreamMetrics.NONE.reconnectFailed();
            UpstreamMetrics.NONE.disconnected(Duration.ZERO);
            UpstreamMetrics.NONE.deduplicated(1);
        });
    }
}
