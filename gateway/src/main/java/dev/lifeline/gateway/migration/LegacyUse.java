package dev.lifeline.gateway.migration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How often the legacy transport is begun to be used, as a meter: by the names of the clients we know, and the rest as one. */
public final class LegacyUse {

    private final MeterRegistry registry;

    public LegacyUse(MeterRegistry registry) {
        this.registry = registry;
    }

    public void introduced(String client) {
        Counter.builder("mcp_legacy_introductions")
                .description("Introductions of clients on the legacy transport")
                .tag("client", KnownClients.label(client))
                .register(registry)
                .increment();
    }
}
