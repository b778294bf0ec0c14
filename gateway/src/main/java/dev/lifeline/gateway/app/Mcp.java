package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.mcp.Means.NodeWide;
import dev.lifeline.gateway.mcp.PostReplies;
import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.migration.Census;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Keeper;
import dev.lifeline.gateway.session.Means;
import dev.lifeline.gateway.session.NodeSessions;
import dev.lifeline.gateway.session.SessionStore;
import dev.lifeline.gateway.session.Tokens;
import dev.lifeline.gateway.session.Upstream;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.time.VertxTime;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What serves MCP on a node, put together from its configuration.
 *
 * @param upstreams by name, the default one first
 * @param wide what the doors of all event loops share
 */
record Mcp(
        NodeSessions sessions,
        Keeper keeper,
        Map<String, Upstream> upstreams,
        NodeWide wide,
        MessageReader reader,
        SessionStore store,
        Migration migration) {

    private static final int MOST_EXCHANGES = 1000;
    private static final long LEFTOVERS_MILLIS = 1000;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What the sessions of a node stand on. */
    record Ground(
            Vertx vertx,
            String node,
            Hub hub,
            SessionStore store,
            Courier courier,
            MeterRegistry registry,
            Census census) {}

    static Mcp of(GatewayConfig config, Ground ground, Map<String, Upstream> upstreams) {
        MessageReader reader = new MessageReader(config.mcp().maxJsonDepth());
        Migration migration = Migration.of(ground.vertx(), ground.census(), ground.registry());
        NodeWide wide = NodeWide.of(McpDoors.settings(config), migration);
        Means means = new Means(
                new VertxTime(ground.vertx()),
                Tokens.STRONG,
                ground.node(),
                ground.store(),
                ground.hub(),
                ground.courier(),
                upstreams,
                new SessionMeters(ground.registry()).expect(upstreams.keySet()),
                reader,
                new OpenReplies(wide.replies()),
                settings(config));
        NodeSessions sessions = new NodeSessions(means);
        ground.vertx()
                .setPeriodic(
                        LEFTOVERS_MILLIS,
                        turn -> wide.leftovers().sweep(config.buffer().tail().retention(), ground.hub()::remove));
        new Meters(ground.registry())
                .gauge(
                        "mcp_sessions_held",
                        "MCP sessions this node has a part in",
                        "sessions",
                        sessions,
                        NodeSessions::held);
        return new Mcp(sessions, new Keeper(means, sessions), upstreams, wide, reader, ground.store(), migration);
    }

    private static Means.Settings settings(GatewayConfig config) {
        GatewayConfig.Mcp mcp = config.mcp();
        return new Means.Settings(
                mcp.sessions().retention(),
                mcp.sessions().requestTimeout().orElse(Duration.ZERO),
                mcp.quiet().requestTimeout().orElse(Duration.ZERO),
                mcp.quiet().clients(),
                config.upstreams().times().patience(),
                Mcp::pause,
                MOST_EXCHANGES);
    }

    private static Duration pause(int tries) {
        Duration doubled = SHORTEST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Passes on to the doors what an upstream says of a reply they keep open. */
    private record OpenReplies(PostReplies doors) implements Means.Replies {

        @Override
        public void streams(String stream) {
            doors.stream(stream);
        }

        @Override
        public void paused(String stream, long retryMillis) {
            doors.pause(stream, retryMillis);
        }
    }

    /** Lets go of the upstreams; what is in the store stays for the other nodes. */
    Future<Void> close() {
        List<Future<Void>> closed =
                upstreams.values().stream().map(Upstream::close).toList();
        return Future.join(closed).transform(gone -> migration.tally().flush()).otherwiseEmpty();
    }
}
