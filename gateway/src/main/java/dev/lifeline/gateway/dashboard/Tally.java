package dev.lifeline.gateway.dashboard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What a node has counted so far, read from its meters: nothing is counted twice for the sake of being seen. */
record Tally(long published, long delivered, long bytes, long heartbeats, long opened, long refused, long open) {

    static Tally of(MeterRegistry registry) {
        Gauge open = registry.find("sse_connections_active").gauge();
        return new Tally(
                sum(registry, "sse_events_published"),
                sum(registry, "sse_events_delivered"),
                sum(registry, "sse_bytes_delivered"),
                sum(registry, "sse_heartbeats"),
                sum(registry, "sse_connections"),
                sum(registry, "sse_connections_refused"),
                open == null ? 0 : (long) open.value());
    }

    private static long sum(MeterRegistry registry, String name) {
        return (long) registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
