package dev.lifeline.gateway.app;

import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.SessionMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Sessions and exchanges as Micrometer meters. What can be counted is there from the start, at nought. */
final class SessionMeters implements SessionMetrics {

    private static final List<String> OUTCOMES = List.of("answered", "not_run", "may_have_run", "cancelled");

    private static final List<String> ENDINGS = List.of("deleted", "expired", "unused");

    private final Meters meters;
    private final Counter sessionsTaken;
    private final Counter exchangesTaken;
    private final Map<String, Timer> exchanges;

    SessionMeters(MeterRegistry registry) {
        meters = new Meters(registry);
        sessionsTaken = meters.counter("mcp_sessions_taken_over", "Sessions taken over from dead nodes", "sessions");
        exchangesTaken =
                meters.counter("mcp_exchanges_taken_over", "Exchanges taken over from dead nodes", "exchanges");
        exchanges = OUTCOMES.stream().collect(Collectors.toMap(outcome -> outcome, this::exchanges));
    }

    /** Labels that may come: see {@link dev.lifeline.gateway.metrics.MicrometerMetrics#expect}. */
    SessionMeters expect(Collection<String> upstreams) {
        Arrays.stream(Session.Transport.values())
                .forEach(transport -> opened(transport.name().toLowerCase(Locale.ROOT)));
        ENDINGS.forEach(this::closed);
        upstreams.forEach(this::renewed);
        return this;
    }

    private Counter opened(String transport) {
        return meters.counter("mcp_sessions_opened", "MCP sessions begun", "sessions", "transport", transport);
    }

    private Counter closed(String reason) {
        return meters.counter("mcp_sessions_closed", "MCP sessions ended", "sessions", "reason", reason);
    }

    private Counter renewed(String upstream) {
        String what = "Conversations begun anew for clients that did not notice";
        return meters.counter("mcp_links_renewed", what, "conversations", "upstream", upstream);
    }

    private Timer exchanges(String outcome) {
        return meters.histogram("mcp_exchange_duration", "How long requests took to their outcome", "outcome", outcome);
    }

    @Override
    public void sessionOpened(String transport) {
        opened(transport).increment();
    }

    @Override
    public void sessionClosed(String reason) {
        closed(reason).increment();
    }

    @Override
    public void exchangeSettled(String outcome, Duration took) {
        exchanges.get(outcome).record(took);
    }

    @Override
    public void linkRenewed(String upstream) {
        renewed(upstream).increment();
    }

    @Override
    public void takenOver(int exchanges) {
        sessionsTaken.increment();
        exchangesTaken.increment(exchanges);
    }
}
