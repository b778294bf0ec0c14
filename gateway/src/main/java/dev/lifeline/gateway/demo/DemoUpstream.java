package dev.lifeline.gateway.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A small MCP server to try a gateway with: some tools, and a handful of pages about Lifeline to search and read. It
 * speaks Streamable HTTP on this machine only, or lines on a pair of streams, in the revisions from 2025-03-26 to
 * 2026-07-28.
 *
 * <p>It forgets everything when it ends and resumes nothing, as most servers do.
 */
public final class DemoUpstream {

    static final String HOST = "127.0.0.1";

    private static final long BEAT_MILLIS = 15_000;

    private final Vertx vertx;
    private final Context context;
    private final HttpServer server;
    private final Endpoint endpoint;
    private final long beat;

    /** On the context that serves. */
    private DemoUpstream(Vertx vertx, HttpServer server, Endpoint endpoint) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.server = server;
        this.endpoint = endpoint;
        this.beat = vertx.setPeriodic(BEAT_MILLIS, turn -> endpoint.tend());
    }

    /** Starts one; port 0 takes a free one. */
    public static Future<DemoUpstream> start(Vertx vertx, int port) {
        return vertx.executeBlocking(Library::load).compose(library -> {
            Audience audience = new Audience();
            Endpoint endpoint = new Endpoint(vertx, methods(library, audience), audience);
            HttpServerOptions options =
                    new HttpServerOptions().setHost(HOST).setPort(port).setHttp2ClearTextEnabled(false);
            return vertx.createHttpServer(options)
                    .requestHandler(endpoint::handle)
                    .listen()
                    .map(server -> new DemoUpstream(vertx, server, endpoint));
        });
    }

    private static Methods methods(Library library, Audience audience) {
        return new Methods(new Tools(library, audience), new Pages(library));
    }

    /** Serves one client on a pair of streams, and returns when the input has ended. */
    public static void stdio(InputStream in, OutputStream out) throws IOException {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try {
            Audience audience = new Audience();
            Methods methods = methods(Library.load(), audience);
            new StandardStreams(out, thread, methods, audience).serve(in);
        } finally {
            thread.shutdownNow();
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** Where clients find it. */
    public String url() {
        return "http://" + HOST + ":" + port() + Endpoint.PATH;
    }

    /** Ends every session and stream, and stops. */
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(turn -> {
            vertx.cancelTimer(beat);
            endpoint.close();
            server.close().onComplete(closed);
        });
        return closed.future();
    }
}
