package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;

/** What the ports speak, and how long they bear with whom. */
final class ServerOptions {

    private static final int BACKLOG = 4096;
    private static final int REQUEST_LINE = 8 * 1024;
    private static final int HEADERS = 16 * 1024;

    private ServerOptions() {}

    static HttpServerOptions main(GatewayConfig config, int port) {
        GatewayConfig.Streams streams = config.streams();
        HttpServerOptions options = any(config)
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                // Unacknowledged for so long is dead: with the heartbeat before it, that makes the connection timeout.
                .setTcpUserTimeout((int) streams.connectionTimeout()
                        .minus(streams.heartbeatInterval())
                        .toMillis())
                .setSendBufferSize(streams.sendBuffer())
                .setStrictThreadMode(config.http().threads().strict())
                .setHttp2ClearTextEnabled(config.http().protocol().h2c())
                .setCompressionSupported(config.http().protocol().compression());
        config.http()
                .tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(tls.certificate().toString())
                                .addKeyPath(tls.key().toString())));
        return options;
    }

    /** The operators' port: short answers over plain HTTP/1.1. */
    static HttpServerOptions admin(GatewayConfig config) {
        return any(config)
                .setPort(config.http().listen().adminPort().orElseThrow())
                .setHttp2ClearTextEnabled(false);
    }

    private static HttpServerOptions any(GatewayConfig config) {
        return new HttpServerOptions()
                .setHost(config.http().listen().host())
                // From connecting, or from the last answer, to a whole head: a trickle of bytes does not extend it.
                .setIdleTimeout((int) config.streams().connectionTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxInitialLineLength(REQUEST_LINE)
                .setMaxHeaderSize(HEADERS)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }
}
