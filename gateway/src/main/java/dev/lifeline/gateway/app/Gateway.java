package dev.lifeline.gateway.app;

import dev.lifeline.gateway.cluster.Cluster;
import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.http.ExactHeaderNames;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.metrics.MicrometerMetrics;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node, put together from its configuration and taken apart in order.
 *
 * <p>Start: log, hub, routes, ports; the cluster joins behind their back. Stop: no new clients, streams ended over the
 * drain window, lease and cluster left, log closed.
 */
public final class Gateway {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration RING_LINGER = Duration.ofSeconds(30);

    private final GatewayConfig config;
    private final Vertx vertx;
    private final Node node;
    private final int port;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Promise<Void> stopped = Promise.promise();
    private final AtomicBoolean checking = new AtomicBoolean();
    private final List<HttpVerticle> verticles = new ArrayList<>();

    private Gateway(GatewayConfig config, Vertx vertx, Node node) {
        this.config = config;
        this.vertx = vertx;
        this.node = node;
        this.port = FreePort.orWanted(
                config.http().listen().host(), config.http().listen().port());
    }

    /** Builds a node and opens its ports. */
    public static Future<Gateway> start(GatewayConfig config) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(config.http().threads().nativeTransport())
                .setEventLoopPoolSize(config.http().threads().eventLoops()));
        try {
            Gateway gateway = new Gateway(config, vertx, node(vertx, config));
            return gateway.open()
                    .map(gateway)
                    .recover(failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
        } catch (RuntimeException failure) {
            return vertx.close().transform(closed -> Future.failedFuture(failure));
        }
    }

    private static Node node(Vertx vertx, GatewayConfig config) {
        String id = config.nodes().id().orElseGet(Gateway::randomId);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Node.Telemetry telemetry = new Node.Telemetry(registry, new MicrometerMetrics(registry));
        GatewayConfig.Limits limits = config.security().limits();
        ConnectionLimits connectionLimits = new ConnectionLimits(
                limits.connections(),
                limits.perAddress().orElse(Integer.MAX_VALUE),
                limits.perPrincipal().orElse(Integer.MAX_VALUE));
        return config.nodes().redis().isPresent()
                ? shared(vertx, config, id, telemetry, connectionLimits)
                : alone(vertx, config, id, telemetry, connectionLimits);
    }

    private static Node alone(
            Vertx vertx, GatewayConfig config, String id, Node.Telemetry telemetry, ConnectionLimits limits) {
        Log log = Stores.memory(vertx, config, id);
        Hub hub = new Hub(log, Relay.NOWHERE, telemetry.metrics(), ring(config, id));
        return new Node(id, Instant.now(), log, hub, limits, telemetry, new Node.Neighbours(null, null));
    }

    private static Node shared(
            Vertx vertx, GatewayConfig config, String id, Node.Telemetry telemetry, ConnectionLimits limits) {
        GatewayConfig.Redis redis = config.nodes().redis().orElseThrow();
        RedisLink link = Stores.link(vertx, redis, config.buffer().appends());
        Log log = Stores.redis(link, config, redis.prefix(), id);
        GatewayConfig.Cluster asked = config.nodes().cluster().orElse(null);
        NodeLease lease = new NodeLease(
                vertx, link, redis.prefix(), member(id, asked), config.nodes().lease());
        Cluster cluster = asked == null ? null : new Cluster(asked.name(), lease);
        Hub hub = new Hub(log, cluster == null ? Relay.NOWHERE : cluster, telemetry.metrics(), ring(config, id));
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
        return new Node(id, Instant.now(), log, hub, limits, telemetry, new Node.Neighbours(lease, cluster));
    }

    private static Member member(String id, GatewayConfig.Cluster cluster) {
        String host = cluster == null ? "127.0.0.1" : cluster.host();
        int clusterPort = cluster == null ? 0 : FreePort.orWanted(host, cluster.port());
        return new Member(id, host, clusterPort);
    }

    private static Hub.Settings ring(GatewayConfig config, String id) {
        GatewayConfig.Tail tail = config.buffer().tail();
        return new Hub.Settings(id, tail.events(), tail.bytes(), RING_LINGER);
    }

    private static String randomId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    private Future<Void> open() {
        Authenticator authenticator = Authenticators.of(vertx, config.security().auth());
        Routes routes = new Routes(vertx, config, node, authenticator, draining::get);
        vertx.setPeriodic(config.nodes().positionCheckInterval().toMillis(), turn -> checkPositions());
        return openAdmin(routes)
                .compose(opened -> vertx.deployVerticle(
                                () -> {
                                    HttpVerticle verticle = new HttpVerticle(config, node, routes, port);
                                    verticles.add(verticle);
                                    return verticle;
                                },
                                new DeploymentOptions()
                                        .setInstances(config.http().threads().eventLoops()))
                        .mapEmpty());
    }

    private Future<Void> openAdmin(Routes routes) {
        if (config.http().listen().adminPort().isEmpty()) {
            return Future.succeededFuture();
        }
        HttpServerOptions options = ServerOptions.admin(config);
        HttpServer admin = vertx.createHttpServer(options)
                .connectionHandler(new ExactHeaderNames(options))
                .exceptionHandler(error -> LOG.debug("admin connection failed", error))
                .requestHandler(routes.admin());
        return admin.listen().mapEmpty();
    }

    /** One round of checks at a time: a slow store is not asked again before it has answered. */
    private void checkPositions() {
        if (checking.compareAndSet(false, true)) {
            node.hub().checkPositions().onComplete(done -> checking.set(false));
        }
    }

    public int port() {
        return port;
    }

    public String id() {
        return node.id();
    }

    /** Leaves in order; bounded by the drain window and a few seconds. Told twice, it leaves once. */
    public Future<Void> stop() {
        if (draining.compareAndSet(false, true)) {
            drain().onComplete(stopped);
        }
        return stopped.future();
    }

    private Future<Void> drain() {
        Duration window = config.operations().drainTimeout();
        LOG.atInfo().addKeyValue("window", window).log("draining");
        List<Future<Void>> drained =
                verticles.stream().map(verticle -> verticle.drain(window)).toList();
        return Future.join(drained)
                .transform(done -> leave())
                .transform(left -> node.log().close())
                .transform(closed -> vertx.close())
                .onComplete(closed -> LOG.info("stopped"));
    }

    private Future<Void> leave() {
        Future<Void> lease = node.neighbours().lease() == null
                ? Future.succeededFuture()
                : node.neighbours().lease().end();
        Future<Void> cluster = node.neighbours().cluster() == null
                ? Future.succeededFuture()
                : node.neighbours().cluster().leave();
        return Future.join(lease, cluster).mapEmpty();
    }
}
