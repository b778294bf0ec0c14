package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.http.ExactHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.PemKeyCertOptions;
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
    private static final int BACKLOG = 4096;
    private static final int REQUEST_LINE = 8 * 1024;
    private static final int HEADERS = 16 * 1024;

    /** After the last stream has ended, for its last bytes to leave. */
    private static final Duration AFTERGLOW = Duration.ofSeconds(1);

    private final GatewayConfig config;
    private final Node node;
    private final Routes routes;
    private final int port;
    private HttpServer server;
    private Connections connections;

    HttpVerticle(GatewayConfig config, Node node, Routes routes, int port) {
        this.config = config;
        this.node = node;
        this.routes = routes;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        connections = new Connections(
                ((ContextInternal) context).nettyEventLoop(),
                settings(),
                node.telemetry().metrics());
        server = serve(vertx.createHttpServer(options())).requestHandler(routes.main(connections));
        return server.listen();
    }

    private HttpServer serve(HttpServer bare) {
        HttpServerOptions options = options();
        if (options.isSsl() || !options.isHttp2ClearTextEnabled()) {
            bare.connectionHandler(new ExactHeaderNames(options));
        }
        // A client that speaks no HTTP, or leaves in the middle of a request, is no news.
        return bare.exceptionHandler(error -> LOG.debug("connection failed", error));
    }

    private Connections.Settings settings() {
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

    private HttpServerOptions options() {
        GatewayConfig.Streams streams = config.streams();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.http().listen().host())
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                // Unacknowledged for so long is dead: with the heartbeat before it, that makes the connection timeout.
                .setTcpUserTimeout((int) streams.connectionTimeout()
                        .minus(streams.heartbeatInterval())
                        .toMillis())
                .setSendBufferSize(streams.sendBuffer())
                .setIdleTimeout((int) streams.connectionTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxInitialLineLength(REQUEST_LINE)
                .setMaxHeaderSize(HEADERS)
                .setStrictThreadMode(config.http().threads().strict())
                .setHttp2ClearTextEnabled(config.http().protocol().h2c())
                .setCompressionSupported(config.http().protocol().compression())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        config.http()
                .tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(tls.certificate().toString())
                                .addKeyPath(tls.key().toString())));
        return options;
    }

    /** Takes no new connection, ends the streams over the window, and waits for what is under way. */
    Future<Void> drain(Duration window) {
        Future<Void> closed = server.shutdown(window.plus(AFTERGLOW).toMillis(), TimeUnit.MILLISECONDS);
        return Future.join(closed, connections.drain(window)).mapEmpty();
    }
}
