package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.connection.AllConnections;
import dev.lifeline.gateway.dashboard.DashboardApi;
import dev.lifeline.gateway.dashboard.Sight;
import dev.lifeline.gateway.session.Parts;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Lets the operators' API see a node. */
final class Dashboards {

    private static final String UNRELEASED = "dev";

    private Dashboards() {}

    /** What changes while the node runs. */
    record Live(AllConnections connections, BooleanSupplier draining) {}

    static DashboardApi of(Vertx vertx, GatewayConfig config, Node node, Live live) {
        Sight sight = new Sight(
                new Sight.Identity(node.id(), version(), node.startedAt(), kept(config)),
                node.log(),
                node.hub(),
                new Parts(node.mcp().sessions()),
                live.connections(),
                node.telemetry().registry(),
                new Standing(config, node, live.draining()));
        return new DashboardApi(
                vertx,
                sight,
                node.neighbours().courier(),
                () -> node.neighbours().others());
    }

    private static String version() {
        return Optional.ofNullable(Dashboards.class.getPackage().getImplementationVersion())
                .orElse(UNRELEASED);
    }

    private static String kept(GatewayConfig config) {
        return config.nodes().redis().isPresent() ? "redis" : "memory";
    }

    /** What a whole node says of itself. */
    private record Standing(GatewayConfig config, Node node, BooleanSupplier leaving) implements Sight.Standing {

        @Override
        public boolean draining() {
            return leaving.getAsBoolean();
        }

        @Override
        public boolean joined() {
            return node.neighbours().joined();
        }

        @Override
        public List<Sight.UpstreamView> upstreams() {
            return config.upstreams().all().stream().map(this::view).toList();
        }

        private Sight.UpstreamView view(GatewayConfig.Upstream asked) {
            UpstreamMeters meters = node.telemetry().of(asked.name());
            return new Sight.UpstreamView(
                    asked.name(),
                    kind(asked),
                    place(asked),
                    meters.trouble(),
                    meters.reconnections(),
                    meters.lastFailure());
        }

        private static String kind(GatewayConfig.Upstream asked) {
            if (asked instanceof GatewayConfig.Upstream.Stdio) {
                return "stdio";
            }
            return asked instanceof GatewayConfig.Upstream.Http http && http.legacy() ? "sse" : "streamable";
        }

        /** The query of a URL and the arguments of a program may hold tokens. */
        private static String place(GatewayConfig.Upstream asked) {
            if (asked instanceof GatewayConfig.Upstream.Http http) {
                URI address = http.address();
                return address.getRawQuery() == null
                        ? address.toString()
                        : address.toString().replace("?" + address.getRawQuery(), "?…");
            }
            if (asked instanceof GatewayConfig.Upstream.Stdio stdio) {
                String program = stdio.command().get(0);
                return stdio.command().size() == 1 ? program : program + " …";
            }
            return "demo";
        }
    }
}
