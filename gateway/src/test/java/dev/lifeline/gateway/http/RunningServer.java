package dev.lifeline.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A real server on a free port, and a client that speaks bytes. */
final class RunningServer {

    private static final int PATIENCE_MILLIS = 10_000;

    final Vertx vertx = Vertx.vertx();
    final Router router = Router.router(vertx);
    private HttpServer server;

    static HttpServerOptions options() {
        return new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false);
    }

    /** As the gateway does: header names read exactly. */
    RunningServer start() throws Exception {
        return start(options(), new ExactHeaderNames(options()));
    }

    RunningServer start(HttpServerOptions options, Handler<HttpConnection> connections) throws Exception {
        server = await(vertx.createHttpServer(options)
                .connectionHandler(connections)
                .requestHandler(router)
                .listen());
        return this;
    }

    int port() {
        return server.actualPort();
    }

    /** Sends the bytes and reads until the server closes, which it must. */
    String exchange(String bytes) throws IOException {
        try (Socket socket = connect()) {
            send(socket, bytes);
            return readToEnd(socket);
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() throws Exception {
        await(vertx.close());
    }
}
