package dev.lifeline.gateway.app;

import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The streams of one upstream as Micrometer meters. */
final class UpstreamMeters implements StreamMetrics {

    private final Counter attempts;
    private final Counter successes;
    private final Counter failures;
    private final GatewayMetrics events;
    private final Timer age;

    UpstreamMeters(MeterRegistry registry, GatewayMetrics events, String upstream) {
        this.events = events;
        attempts = counter(registry, "sse_reconnection_attempts", upstream, "Streams of upstreams asked for again");
        successes = counter(registry, "sse_reconnection_success", upstream, "Streams of upstreams that came back");
        failures = counter(registry, "sse_reconnection_failure", upstream, "Attempts to get one back that failed");
        age = Timer.builder("sse_upstream_connection_duration")
                .description("Age of streams of upstreams when they ended")
                .tag("upstream", upstream)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String upstream, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("upstream", upstream)
                .register(registry);
    }

    @Override
    public void reconnecting() {
        attempts.increment();
    }

    @Override
    public void reconnected() {
        successes.increment();
    }

    @Override
    public void reconnectFailed() {
        failures.increment();
    }

    @Override
    public void disconnected(Duration ended) {
        age.record(ended);
    }

    @Override
    public void deduplicated(int count) {
        events.deduplicated(count);
    }
}
