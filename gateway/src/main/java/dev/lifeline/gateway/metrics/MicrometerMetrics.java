package dev.lifeline.gateway.metrics;

import dev.lifeline.event.CloseReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The gateway's counts as Micrometer meters, and the few sums that {@code /health} shows. From any thread. */
public final class MicrometerMetrics implements GatewayMetrics {

    private final MeterRegistry registry;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger logAvailable = new AtomicInteger(1);
    private final Counter opened;
    private final Map<CloseReason, Timer> closed = new EnumMap<>(CloseReason.class);
    private final Counter published;
    private final Counter deduplicated;
    private final Counter delivered;
    private final Counter bytes;
    private final Counter relayed;
    private final Counter reconnections;
    private final Counter hits;
    private final Counter misses;
    private final Counter lags;
    private final Counter catchUps;
    private final Counter beats;
    private final Counter lateBeats;

    public MicrometerMetrics(MeterRegistry registry) {
        this.registry = registry;
        opened = counter("sse_connections", "Event streams opened");
        published = counter("sse_events_published", "Events kept for publishers");
        deduplicated = counter("sse_events_deduplicated", "Events recognised as repetitions and dropped");
        delivered = counter("sse_events_delivered", "Events handed to connections");
        bytes = counter("sse_bytes_delivered", "Bytes of events handed to connections");
        relayed = counter("sse_events_relayed", "Events that other nodes were told about");
        reconnections = counter("sse_client_reconnections", "Readers who came back with a last event id");
        hits = counter("sse_last_event_id_cache_hits", "Resumes served from this node's ring");
        misses = counter("sse_last_event_id_cache_misses", "Resumes for which the log had to be read");
        lags = counter("sse_lags", "Times a reader's socket was full");
        catchUps = counter("sse_catch_ups", "Times this node's copy of a stream was read on from the log");
        beats = counter("sse_heartbeats", "Heartbeats written");
        lateBeats = counter("sse_heartbeats_late", "Heartbeats written more than a second late");
        for (CloseReason reason : CloseReason.values()) {
            closed.put(
                    reason,
                    Timer.builder("sse_connection_duration")
                            .description("Age of event streams when they ended")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        Gauge.builder("sse_connections_active", active, AtomicInteger::get)
                .description("Event streams open now")
                .register(registry);
        Gauge.builder("sse_last_event_id_cache_hit_ratio", this, it -> ratio(it.hits.count(), it.misses.count()))
                .description("Share of resumes served from this node's ring")
                .register(registry);
        Gauge.builder("sse_log_available", logAvailable, AtomicInteger::get)
                .description("1 while events can be kept")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static double ratio(double part, double rest) {
        return part + rest == 0 ? 1 : part / (part + rest);
    }

    @Override
    public void published(int events) {
        published.increment(events);
    }

    @Override
    public void deduplicated(int events) {
        deduplicated.increment(events);
    }

    @Override
    public void delivered(int events, int size) {
        delivered.increment(events);
        bytes.increment(size);
    }

    @Override
    public void relayed(int events) {
        relayed.increment(events);
    }

    @Override
    public void resumed(boolean fromRing) {
        reconnections.increment();
        (fromRing ? hits : misses).increment();
    }

    @Override
    public void gap(String reason) {
        registry.counter("sse_gaps", "reason", reason).increment();
    }

    @Override
    public void lagged() {
        lags.increment();
    }

    @Override
    public void caughtUp() {
        catchUps.increment();
    }

    @Override
    public void connectionOpened() {
        opened.increment();
        active.incrementAndGet();
    }

    @Override
    public void connectionClosed(CloseReason reason, Duration age) {
        active.decrementAndGet();
        closed.get(reason).record(age);
    }

    @Override
    public void connectionRefused(String limit) {
        registry.counter("sse_connections_refused", "limit", limit).increment();
    }

    @Override
    public void heartbeats(int written, int late) {
        beats.increment(written);
        lateBeats.increment(late);
    }

    @Override
    public void logAvailable(boolean available) {
        logAvailable.set(available ? 1 : 0);
    }

    public int activeConnections() {
        return active.get();
    }

    public long totalConnections() {
        return (long) opened.count();
    }

    /** Share of heartbeats that were on time; 1 before the first. */
    public double heartbeatSuccessRate() {
        return ratio(beats.count() - lateBeats.count(), lateBeats.count());
    }

    /** Of connections that have ended, in seconds; 0 before the first. */
    public double averageConnectionSeconds() {
        double count = closed.values().stream().mapToDouble(Timer::count).sum();
        double seconds = closed.values().stream()
                .mapToDouble(timer -> timer.totalTime(TimeUnit.SECONDS))
                .sum();
        return count == 0 ? 0 : seconds / count;
    }
}
