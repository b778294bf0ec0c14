package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.StreamMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Metrics as a test reads them. */
final class Counted implements StreamMetrics {

    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger back = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger repeated = new AtomicInteger();

    @Override
    public void reconnecting() {
        asked.incrementAndGet();
    }

    @Override
    public void reconnected() {
        back.incrementAndGet();
    }

    @Override
    public void reconnectFailed() {
        failed.incrementAndGet();
    }

    @Override
    public void disconnected(Duration age) {
        ended.incrementAndGet();
    }

    @Override
    public void deduplicated(int events) {
        repeated.addAndGet(events);
    }
}
