package dev.lifeline.gateway.http;

import io.netty.channel.ChannelHandler;
import io.netty.util.AsciiString;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.function.Supplier;

/**
 * Makes an HTTP/1 server read header names to the last letter: its connection handler.
 *
 * <p>Vert.x 5.0.12 never looks at the letter after {@code Content-}: to it {@code Content-Xength: 40} <em>is</em>
 * Content-Length, so it takes 40 bytes of the next request for a body that no proxy in front has seen, and the true
 * name is gone before any handler could object (CVE-2026-102479). Hence this one step below the public API; the
 * {@link RequestGuard} then refuses such names. A test fails as soon as Vert.x needs it no more.
 */
public final class ExactHeaderNames implements Handler<HttpConnection> {

    private static final String DECODER = "httpDecoder";

    private final HttpServerOptions options;

    /** For a server with these options. Without TLS they must not offer HTTP/2: its detection decodes a request first. */
    public ExactHeaderNames(HttpServerOptions options) {
        if (!options.isSsl() && options.isHttp2ClearTextEnabled()) {
            throw new IllegalArgumentException(
                    "setHttp2ClearTextEnabled(false) is needed to read header names exactly");
        }
        this.options = options;
    }

    /** What reads requests at a server with these options, for whoever took it out of a connection and gives it back. */
    public static Supplier<ChannelHandler> decoder(HttpServerOptions options) {
        boolean exact = options.isSsl() || !options.isHttp2ClearTextEnabled();
        return exact ? () -> new Decoder(options) : () -> new VertxHttpRequestDecoder(options);
    }

    @Override
    public void handle(HttpConnection connection) {
        var pipeline =
                ((HttpServerConnection) connection).channelHandlerContext().pipeline();
        if (pipeline.get(DECODER) != null) {
            pipeline.replace(DECODER, DECODER, new Decoder(options));
        }
    }

    /** The decoder of Vert.x, with the one letter it forgets. */
    private static final class Decoder extends VertxHttpRequestDecoder {

        private static final int AFTER_CONTENT = "Content-".length();
        private static final int LENGTH = "Content-Length".length();
        private static final int TYPE = "Content-Type".length();

        Decoder(HttpServerOptions options) {
            super(options);
        }

        @Override
        protected AsciiString splitHeaderName(byte[] line, int start, int length) {
            boolean other = length == LENGTH && lowerCase(line[start + AFTER_CONTENT]) != 'l'
                    || length == TYPE && lowerCase(line[start + AFTER_CONTENT]) != 't';
            return other ? new AsciiString(line, start, length, true) : super.splitHeaderName(line, start, length);
        }

        private static int lowerCase(byte letter) {
            return letter | 0x20;
        }
    }
}
