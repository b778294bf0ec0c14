package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.metrics.Meters;
import dev.lifeline.gateway.metrics.MicrometerMetrics;
import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.Limit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private final GatewayConfig config;
    private final Vertx vertx;
    private final Node node;
    private final int port;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Promise<Void> stopped = Promise.promise();
    private final AtomicBoolean checking = new AtomicBoolean();
    private final List<HttpVerticle> verticles = new ArrayList<>();
    private Routes routes;
    private AdminVerticle admin;

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
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Node.Telemetry telemetry = telemetry(registry);
        return Future.succeededFuture()
                .compose(begin -> new Upstreams(vertx, config, telemetry).make())
                .compose(upstreams -> {
                    Gateway gateway = new Gateway(config, vertx, new Nodes(vertx, config, telemetry).make(upstreams));
                    return gateway.open().map(gateway);
                })
                .recover(failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
    }

    private static Node.Telemetry telemetry(PrometheusMeterRegistry registry) {
        ProcessMeters.register(new Meters(registry));
        MicrometerMetrics metrics = new MicrometerMetrics(registry);
        metrics.expect(
                Arrays.stream(Gap.Reason.values()).map(Gap.Reason::label).toList(),
                Arrays.stream(Limit.values()).map(Limit::label).toList());
        return Node.Telemetry.of(registry, metrics);
    }

    private Future<Void> open() {
        Authenticator authenticator = Authenticators.of(vertx, config.security().auth());
        routes = new Routes(vertx, config, node, authenticator, draining::get);
        vertx.setPeriodic(config.nodes().positionCheckInterval().toMillis(), turn -> checkPositions());
        node.mcp().keeper().start();
        routes.start();
        node.feeds().start();
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
        admin = new AdminVerticle(config, node, routes);
        return vertx.deployVerticle(admin).mapEmpty();
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
        return node.name();
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
        List<Future<Void>> drained = new ArrayList<>(List.of(routes.farewell()));
        verticles.forEach(verticle -> drained.add(verticle.drain(window)));
        if (admin != null) {
            drained.add(admin.drain(window));
        }
        // The feeds at once, so that another node goes on with them while this one still has readers.
        return node.feeds()
                .close()
                .transform(let -> Future.join(drained))
                .transform(done -> node.mcp().close())
                .transform(closed -> leave())
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
