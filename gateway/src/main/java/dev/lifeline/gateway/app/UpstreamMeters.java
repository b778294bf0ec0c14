package dev.lifeline.gateway.app;

import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The streams of one upstream as Micrometer meters. */
final class UpstreamMeters implements StreamMetrics {

    private final Counter attempts;
    private final Counter successes;
    private final Counter failures;
    private final GatewayMetrics events;
    private final Timer age;

    // Since the last success.
    private volatile boolean asking;
    private volatile boolean failed;
    private volatile String lastFailure;

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
        asking = true;
        attempts.increment();
    }

    @Override
    public void reconnected() {
        successes.increment();
        fine();
    }

    @Override
    public void reconnectFailed() {
        failures.increment();
        failed("its stream could not be had again");
    }

    @Override
    public void opened() {
        fine();
    }

    @Override
    public void openFailed(String why) {
        failed(why);
    }

    private void fine() {
        asking = false;
        failed = false;
    }

    private void failed(String why) {
        failed = true;
        lastFailure = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + why;
    }

    /** What is the matter, in the words of the operators' API; null if nothing is. */
    String trouble() {
        if (failed) {
            return "failing";
        }
        return asking ? "reconnecting" : null;
    }

    /** When and why, or null. */
    String lastFailure() {
        return lastFailure;
    }

    long reconnections() {
        return (long) successes.count();
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
