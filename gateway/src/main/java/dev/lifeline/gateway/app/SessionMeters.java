package dev.lifeline.gateway.app;

import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.session.SessionMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** Sessions and exchanges as Micrometer meters. What can be counted is there from the start, at nought. */
final class SessionMeters implements SessionMetrics {

    private static final List<String> OUTCOMES = List.of("answered", "not_run", "may_have_run", "cancelled");

    private final Meters meters;
    private final Counter sessionsTaken;
    private final Counter exchangesTaken;

    SessionMeters(MeterRegistry registry) {
        meters = new Meters(registry);
        sessionsTaken = meters.counter("mcp_sessions_taken_over", "Sessions taken over from dead nodes", "sessions");
        exchangesTaken = meters.counter("mcp_exchanges_taken_over", "Exchanges taken over from them", "exchanges");
        OUTCOMES.forEach(this::exchanges);
    }

    private Timer exchanges(String outcome) {
        return meters.histogram("mcp_exchange_duration", "How long requests took to their outcome", "outcome", outcome);
    }

    @Override
    public void sessionOpened(String transport) {
        meters.counter("mcp_sessions_opened", "MCP sessions begun", "sessions", "transport", transport)
                .increment();
    }

    @Override
    public void sessionClosed(String reason) {
        meters.counter("mcp_sessions_closed", "MCP sessions ended", "sessions", "reason", reason)
                .increment();
    }

    @Override
    public void exchangeSettled(String outcome, Duration took) {
        exchanges(outcome).record(took);
    }

    @Override
    public void linkRenewed(String upstream) {
        meters.counter(
                        "mcp_links_renewed",
                        "Conversations begun anew for clients that did not notice",
                        "conversations",
                        "upstream",
                        upstream)
                .increment();
    }

    @Override
    public void takenOver(int exchanges) {
        sessionsTaken.increment();
        exchangesTaken.increment(exchanges);
    }
}
