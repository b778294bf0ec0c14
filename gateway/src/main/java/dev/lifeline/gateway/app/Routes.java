package dev.lifeline.gateway.app;

import dev.lifeline.gateway.channel.PublishRoute;
import dev.lifeline.gateway.channel.SubscribeRoute;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.connection.AllConnections;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.dashboard.DashboardApi;
import dev.lifeline.gateway.dashboard.PageRoutes;
import dev.lifeline.gateway.feed.FeedGuard;
import dev.lifeline.gateway.http.AdminGuard;
import dev.lifeline.gateway.http.Assets;
import dev.lifeline.gateway.http.Authentication;
import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.Correlation;
import dev.lifeline.gateway.http.Cors;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.http.Problems;
import dev.lifeline.gateway.http.RequestGuard;
import dev.lifeline.gateway.mcp.McpHeaders;
import dev.lifeline.gateway.mcp.McpRoutes;
import dev.lifeline.gateway.mcp.Means;
import dev.lifeline.gateway.mcp.Reception;
import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.Origins;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What leads where: the table of routes of a port, in the order in which handlers see a request. */
final class Routes {

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(30);
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String PROBES = "/health/";
    private static final String CHANNEL = "/events/:channel";
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE);

    private final Vertx vertx;
    private final GatewayConfig config;
    private final Node node;
    private final Authenticator authenticator;
    private final BooleanSupplier draining;
    private final HealthRoutes health;
    private final AllConnections all = new AllConnections();
    private final DashboardApi dashboard;

    Routes(Vertx vertx, GatewayConfig config, Node node, Authenticator authenticator, BooleanSupplier draining) {
        this.vertx = vertx;
        this.config = config;
        this.node = node;
        this.authenticator = authenticator;
        this.draining = draining;
        this.health = new HealthRoutes(node, draining);
        this.dashboard = Dashboards.of(vertx, config, node, new Dashboards.Live(all, draining));
    }

    /** What goes on without being asked for by a request. */
    void start() {
        dashboard.start();
    }

    /** What is left to say when the node is about to go. */
    Future<Void> farewell() {
        return dashboard.farewell();
    }

    /** The port clients come to. */
    Handler<HttpServerRequest> main(Connections connections) {
        all.add(connections);
        Router router = router();
        probes(router);
        if (config.http().listen().adminPort().isEmpty()) {
            operations(router, !config.http().listen().loopback(), connections);
        }
        channels(router, connections);
        mcp(connections).mount(router, new Authentication(authenticator));
        return named(router);
    }

    /** The port operators come to, where there is one of its own. */
    Handler<HttpServerRequest> admin(Connections connections) {
        all.add(connections);
        Router router = router();
        probes(router);
        operations(router, config.security().adminToken().isPresent(), connections);
        return named(router);
    }

    private Router router() {
        Router router = Router.router(vertx);
        Origins origins = origins(config.security().origins().hosts());
        RequestGuard guard = new RequestGuard(origins);
        // A probe calls a node by its address, whatever its name; what it learns is no secret.
        RequestGuard probeGuard = new RequestGuard(origins(List.of(Origins.ANY)));
        Problems.install(router);
        router.route().handler(context -> (isProbe(context) ? probeGuard : guard).handle(context));
        router.route().handler(new Cors(origins, METHODS, McpHeaders.REQUEST, McpHeaders.EXPOSED));
        Assets.of("client").mount(router);
        return router;
    }

    /** Before the router, which refuses some requests before any route of its own. */
    private Handler<HttpServerRequest> named(Router router) {
        return request -> {
            request.response().putHeader("Lifeline-Node", node.name());
            if (draining.getAsBoolean() && request.version() != HttpVersion.HTTP_2) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            Correlation.name(request);
            router.handle(request);
        };
    }

    private static boolean isProbe(RoutingContext context) {
        String path = context.request().path();
        return path != null && path.startsWith(PROBES);
    }

    private Origins origins(List<String> hosts) {
        boolean credentials = !(config.security().auth() instanceof GatewayConfig.Auth.Open);
        List<String> asked = config.security().origins().allowed();
        List<String> pages = asked.isEmpty() ? List.of(Origins.LOOPBACK) : asked;
        return hosts.isEmpty()
                ? Origins.of(pages, config.http().listen().host(), credentials)
                : new Origins(pages, hosts, credentials);
    }

    private void probes(Router router) {
        router.get(PROBES + "live").handler(health.live());
        router.get(PROBES + "ready").handler(health.ready());
    }

    private McpRoutes mcp(Connections connections) {
        Reception reception = new Reception(
                connections, node.limits(), peers(), node.telemetry().metrics());
        Means means = new Means(
                McpDoors.ports(node),
                McpDoors.settings(config),
                reception,
                body(),
                node.mcp().wide());
        return new McpRoutes(means, List.copyOf(node.mcp().upstreams().keySet()));
    }

    private PeerAddress peers() {
        return new PeerAddress(config.security().limits().forwardedFor());
    }

    private BoundedBody body() {
        return new BoundedBody(vertx, config.http().protocol().maxBody(), BODY_DEADLINE);
    }

    private void operations(Router router, boolean guarded, Connections connections) {
        Optional<String> token = config.security().adminToken().map(secret -> secret.reveal());
        Handler<RoutingContext> guard = guarded ? new AdminGuard(token, authenticator) : RoutingContext::next;
        router.get("/health").handler(guard).handler(health.detail());
        if (config.operations().metrics()) {
            router.get("/metrics").handler(guard).handler(this::metrics);
        }
        router.get("/api/migration")
                .handler(guard)
                .handler(node.mcp().migration().route(config.mcp().legacy().sunset()));
        mcp(null).mountOperations(router, guard);
        dashboard.mount(router, guard, connections, peers());
        new PageRoutes().mount(router);
    }

    private void metrics(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, METRICS_TYPE)
                .end(node.telemetry().registry().scrape());
    }

    private void channels(Router router, Connections connections) {
        Authentication authentication = new Authentication(authenticator);
        router.get(CHANNEL)
                .handler(authentication)
                .handler(new SubscribeRoute(
                        node.hub(),
                        connections,
                        node.limits(),
                        peers(),
                        node.telemetry().metrics()));
        router.post(CHANNEL)
                .handler(authentication)
                .handler(new FeedGuard(node.feeds()))
                .handler(new PublishRoute(node.hub(), body(), config.buffer().maxEventBytes()));
    }
}
