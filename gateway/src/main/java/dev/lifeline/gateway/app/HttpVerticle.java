package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.http.Arrivals;
import dev.lifeline.gateway.http.ExactHeaderNames;
import dev.lifeline.gateway.http.UnreadableRequests;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the main port: its server, its routes and its connections. There is one for each loop, and
 * they never touch each other's.
 */
final class HttpVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);

    /** After the last stream has ended, for its last bytes to leave. */
    private static final Duration AFTERGLOW = Duration.ofSeconds(1);

    /** For a proxy to learn from our health that it is not to send anything on the connections it keeps. */
    private static final Duration NOTICE = Duration.ofSeconds(2);

    private final GatewayConfig config;
    private final Node node;
    private final Routes routes;
    private final int port;
    private HttpServer server;
    private Connections connections;
    private Arrivals arrivals;

    HttpVerticle(GatewayConfig config, Node node, Routes routes, int port) {
        this.config = config;
        this.node = node;
        this.routes = routes;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = ServerOptions.main(config, port);
        connections = new Connections(
                ((ContextInternal) context).nettyEventLoop(),
                settings(config),
                node.telemetry().metrics(),
                ExactHeaderNames.decoder(options));
        arrivals = new Arrivals(connections.loop());
        server = vertx.createHttpServer(options)
                .requestHandler(routes.main(connections))
                .invalidRequestHandler(new UnreadableRequests());
        boolean exact = options.isSsl() || !options.isHttp2ClearTextEnabled();
        Handler<HttpConnection> names = exact ? new ExactHeaderNames(options) : connection -> {};
        server.connectionHandler(connection -> {
            names.handle(connection);
            arrivals.handle(connection);
        });
        // A client that speaks no HTTP, or leaves in the middle of a request, is no news.
        return server.exceptionHandler(error -> LOG.debug("connection failed", error))
                .listen();
    }

    static Connections.Settings settings(GatewayConfig config) {
        GatewayConfig.Streams streams = config.streams();
        return new Connections.Settings(
                streams.heartbeatInterval(),
                streams.connectionTimeout(),
                new Connections.Retry(
                        streams.retry().initial(),
                        streams.retry().jitter(),
                        streams.retry().max()),
                streams.unsentLimit(),
                streams.maxAge().orElse(null),
                config.http().protocol().compression());
    }

    /**
     * Takes no new connection, ends the streams over the window, and waits for what is under way. What comes meanwhile on
     * connections that are there is served; idle ones stay for a moment, if their clients do not close them.
     */
    Future<Void> drain(Duration window) {
        long until = System.nanoTime() + window.plus(AFTERGLOW).toNanos();
        Promise<Void> noticed = Promise.promise();
        long notice = Math.min(NOTICE.toMillis(), window.toMillis());
        vertx.setTimer(Math.max(1, notice), passed -> noticed.complete());
        return arrivals.end()
                .transform(ended -> connections.drain(window, Future.any(arrivals.gone(), noticed.future())))
                .transform(quiet -> server.shutdown(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
    }
}
