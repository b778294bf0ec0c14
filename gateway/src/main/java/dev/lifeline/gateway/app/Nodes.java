package dev.lifeline.gateway.app;

import dev.lifeline.gateway.cluster.BusCourier;
import dev.lifeline.gateway.cluster.Cluster;
import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.feed.Feeds;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.migration.Census;
import dev.lifeline.gateway.migration.MemoryCensus;
import dev.lifeline.gateway.migration.RedisCensus;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.MemorySessions;
import dev.lifeline.gateway.session.NodeId;
import dev.lifeline.gateway.session.RedisSessions;
import dev.lifeline.gateway.session.Upstream;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the parts of a node: one on its own, or one that shares its log and its sessions with others. */
final class Nodes {

    private static final Duration RING_LINGER = Duration.ofSeconds(30);
    private static final long SWEEP_MILLIS = 10_000;

    private final Vertx vertx;
    private final GatewayConfig config;
    private final String id;
    private final Node.Telemetry telemetry;
    private final ConnectionLimits limits;

    Nodes(Vertx vertx, GatewayConfig config, Node.Telemetry telemetry) {
        this.vertx = vertx;
        this.config = config;
        this.id = NodeId.of(config.nodes().id().orElseGet(Nodes::randomName));
        this.telemetry = telemetry;
        GatewayConfig.Limits asked = config.security().limits();
        this.limits = new ConnectionLimits(
                asked.connections(),
                asked.perAddress().orElse(Integer.MAX_VALUE),
                asked.perPrincipal().orElse(Integer.MAX_VALUE));
        new Meters(telemetry.registry())
                .gauge(
                        "sse_connections_max",
                        "Connections this node takes at most",
                        "connections",
                        asked,
                        GatewayConfig.Limits::connections);
    }

    private static String randomName() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    Node make(Map<String, Upstream> upstreams) {
        return config.nodes().redis().isPresent() ? shared(upstreams) : alone(upstreams);
    }

    private Node alone(Map<String, Upstream> upstreams) {
        Log log = Stores.memory(vertx, config, id);
        Hub hub = new Hub(log, Relay.NOWHERE, telemetry.metrics(), ring());
        MemorySessions store = new MemorySessions(config.mcp().sessions().max(), InstantSource.system());
        vertx.setPeriodic(SWEEP_MILLIS, turn -> store.sweep());
        Census census = new MemoryCensus(Migration.BOUNDS, InstantSource.system());
        Mcp mcp = Mcp.of(
                config, new Mcp.Ground(vertx, id, hub, store, Courier.NOBODY, telemetry.registry(), census), upstreams);
        Feeds feeds = new FeedSources(config, telemetry).make(vertx, hub, null);
        Node.Neighbours nobody = new Node.Neighbours(null, null, Courier.NOBODY);
        return new Node(id, Instant.now(), log, hub, limits, telemetry, nobody, mcp, feeds);
    }

    private Node shared(Map<String, Upstream> upstreams) {
        GatewayConfig.Redis redis = config.nodes().redis().orElseThrow();
        RedisLink link = Stores.link(vertx, redis, config.buffer().appends());
        Log log = Stores.redis(link, config, redis.prefix(), id);
        GatewayConfig.Cluster asked = config.nodes().cluster().orElse(null);
        NodeLease lease = new NodeLease(
                new VertxTime(vertx),
                link,
                redis.prefix(),
                member(asked),
                config.nodes().lease());
        BusCourier courier = new BusCourier(vertx, lease);
        Cluster cluster = asked == null ? null : new Cluster(asked.name(), lease, courier);
        Hub hub = new Hub(log, cluster == null ? Relay.NOWHERE : cluster, telemetry.metrics(), ring());
        RedisSessions store =
                new RedisSessions(link, redis.prefix(), config.mcp().sessions().max());
        vertx.setPeriodic(SWEEP_MILLIS, turn -> store.sweep());
        Census census = new RedisCensus(link, redis.prefix(), Migration.BOUNDS);
        Mcp mcp =
                Mcp.of(config, new Mcp.Ground(vertx, id, hub, store, courier, telemetry.registry(), census), upstreams);
        lease.onLapsed(mcp.keeper()::takeOver);
        start(link, lease, cluster, hub);
        Feeds feeds = new FeedSources(config, telemetry).make(vertx, hub, link);
        Node.Neighbours others = new Node.Neighbours(lease, cluster, courier);
        return new Node(id, Instant.now(), log, hub, limits, telemetry, others, mcp, feeds);
    }

    private void start(RedisLink link, NodeLease lease, Cluster cluster, Hub hub) {
        link.onAvailable(available -> {
            telemetry.metrics().logAvailable(available);
            if (available) {
                // Whatever happened while it was away, and whether it came back whole, shows in the positions.
                hub.checkPositions();
            }
        });
        // A gateway without its Redis starts all the same: it takes connections, keeps them warm and goes on trying.
        link.start().transform(attempt -> lease.start()).onComplete(held -> {
            if (cluster != null) {
                cluster.join(hub);
            }
        });
    }

    private Member member(GatewayConfig.Cluster cluster) {
        String host = cluster == null ? "127.0.0.1" : cluster.host();
        int clusterPort = cluster == null ? 0 : FreePort.orWanted(host, cluster.port());
        return new Member(id, host, clusterPort);
    }

    private Hub.Settings ring() {
        GatewayConfig.Tail tail = config.buffer().tail();
        return new Hub.Settings(id, tail.events(), tail.bytes(), RING_LINGER);
    }
}
