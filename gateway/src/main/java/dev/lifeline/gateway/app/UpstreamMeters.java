package dev.lifeline.gateway.app;

import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.upstream.UpstreamMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The streams of one upstream as Micrometer meters. */
final class UpstreamMeters implements UpstreamMetrics {

    private final Counter attempts;
    private final Counter successes;
    private final Counter failures;
    private final GatewayMetrics events;
    private final Timer age;

    UpstreamMeters(MeterRegistry registry, GatewayMetrics events, String upstream) {
        this.events = events;
        Meters meters = new Meters(registry);
        attempts = counter(meters, "sse_reconnection_attempts", upstream, "Streams of upstreams asked for again");
        successes = counter(meters, "sse_reconnection_success", upstream, "Streams of upstreams that came back");
        failures = counter(meters, "sse_reconnection_failure", upstream, "Attempts to get one back that failed");
        age = meters.timer(
                "sse_upstream_connection_duration",
                "Age of streams of upstreams when they ended",
                "upstream",
                upstream);
    }

    private static Counter counter(Meters meters, String name, String upstream, String what) {
        return meters.counter(name, what, "attempts", "upstream", upstream);
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
