package dev.lifeline.gateway.client;

import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Upstreams that nobody counts. */
class StreamMetricsTest {

    @Test
    void nobodyHasToCount() {
        assertThatNoException().isThrownBy(() -> {
            StreamMetrics.NONE.reconnecting();
            StreamMetrics.NONE.reconnected();
            StreamMetrics.NONE.reconnectFailed();
            StreamMetrics.NONE.disconnected(Duration.ZERO);
            StreamMetrics.NONE.deduplicated(1);
        });
    }
}
