package dev.lifeline.gateway.metrics;

import dev.lifeline.event.CloseReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The gateway's counts as Micrometer meters, and the few sums that {@code /health} shows. From any thread. */
public final class MicrometerMetrics implements GatewayMetrics {

    private final Meters meters;
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
        this.meters = new Meters(registry);
        opened = meters.counter("sse_connections", "Event streams opened", "streams");
        published = events("sse_events_published", "Events kept for publishers");
        deduplicated = events("sse_events_deduplicated", "Events recognised as repetitions and dropped");
        delivered = events("sse_events_delivered", "Events handed to connections");
        bytes = meters.counter("sse_bytes_delivered", "Size of the events handed to connections", "bytes");
        relayed = events("sse_events_relayed", "Events that other nodes were told about");
        reconnections =
                meters.counter("sse_client_reconnections", "Readers who came back with a last event id", "readers");
        hits = meters.counter("sse_last_event_id_cache_hits", "Resumes served from this node's ring", "resumes");
        misses = meters.counter("sse_last_event_id_cache_misses", "Resumes that the log was read for", "resumes");
        lags = meters.counter("sse_lags", "Times a reader's socket was full", "times");
        catchUps = meters.counter("sse_catch_ups", "Times a stream was read on from the log", "times");
        beats = meters.counter("sse_heartbeats", "Heartbeats written", "heartbeats");
        lateBeats = meters.counter("sse_heartbeats_late", "Heartbeats more than a second late", "heartbeats");
        for (CloseReason reason : CloseReason.values()) {
            closed.put(
                    reason,
                    meters.timer(
                            "sse_connection_duration",
                            "Age of event streams when they ended",
                            "reason",
                            reason.label()));
        }
        gauges();
    }

    private void gauges() {
        meters.gauge("sse_connections_active", "Event streams open now", "streams", active, AtomicInteger::get);
        meters.gauge(
                "sse_last_event_id_cache_hit_ratio",
                "Share of resumes served from this node's ring",
                "0 to 1",
                this,
                it -> ratio(it.hits.count(), it.misses.count()));
        meters.gauge("sse_log_available", "1 while events can be kept", "0 or 1", logAvailable, AtomicInteger::get);
    }

    private Counter events(String name, String what) {
        return meters.counter(name, what, "events");
    }

    /** Labels that may come: their counters begin at nought, so that a first rise is seen as one. */
    public void expect(List<String> gapReasons, List<String> limits) {
        gapReasons.forEach(this::gaps);
        limits.forEach(this::refusals);
    }

    private Counter gaps(String reason) {
        return meters.counter("sse_gaps", "Gap verdicts given to readers", "verdicts", "reason", reason);
    }

    private Counter refusals(String limit) {
        return meters.counter("sse_connections_refused", "Connections not taken", "connections", "limit", limit);
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
        gaps(reason).increment();
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
        refusals(limit).increment();
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
