package dev.lifeline.gateway.app;

import dev.lifeline.gateway.session.SessionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Sessions and exchanges as Micrometer meters. */
final class SessionMeters implements SessionMetrics {

    private final MeterRegistry registry;

    SessionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void sessionOpened(String transport) {
        registry.counter("mcp_sessions_opened", "transport", transport).increment();
    }

    @Override
    public void sessionClosed(String reason) {
        registry.counter("mcp_sessions_closed", "reason", reason).increment();
    }

    @Override
    public void exchangeSettled(String outcome, Duration took) {
        registry.timer("mcp_exchange_duration", "outcome", outcome).record(took);
    }

    @Override
    public void linkRenewed(String upstream) {
        registry.counter("mcp_links_renewed", "upstream", upstream).increment();
    }

    @Override
    public void takenOver(int exchanges) {
        registry.counter("mcp_sessions_taken_over").increment();
        registry.counter("mcp_exchanges_taken_over").increment(exchanges);
    }
}
