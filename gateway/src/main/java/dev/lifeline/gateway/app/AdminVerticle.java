package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.http.ExactHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' port, where there is one of its own: on one event loop, with the streams of those who watch. */
final class AdminVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);

    private final GatewayConfig config;
    private final Node node;
    private final Routes routes;
    private Connections connections;

    AdminVerticle(GatewayConfig config, Node node, Routes routes) {
        this.config = config;
        this.node = node;
        this.routes = routes;
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = ServerOptions.admin(config);
        connections = new Connections(
                ((ContextInternal) context).nettyEventLoop(),
                HttpVerticle.settings(config),
                node.telemetry().metrics(),
                ExactHeaderNames.decoder(options));
        return vertx.createHttpServer(options)
                .connectionHandler(new ExactHeaderNames(options))
                .exceptionHandler(error -> LOG.debug("admin connection failed", error))
                .requestHandler(routes.admin(connections))
                .listen();
    }

    /** Ends the streams, so that those who watch go on at another node; short questions are answered to the last. */
    Future<Void> drain(Duration window) {
        return connections.drain(window, Future.succeededFuture());
    }
}
