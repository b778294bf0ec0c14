package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.await;

import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.http.Authentication;
import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.ExactHeaderNames;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.http.Problems;
import dev.lifeline.gateway.http.RequestGuard;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.security.Grant;
import dev.lifeline.gateway.security.Origins;
import dev.lifeline.gateway.security.Principal;
import dev.lifeline.gateway.session.Passage;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The doors on a real port, over a real log and hub, with sessions that a test plays. A bearer token is a name. */
final class McpStand implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Nothing may be said for so long on a connection that nobody waits on. */
    static final Duration IDLE = Duration.ofSeconds(2);

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final MemoryLog log = new MemoryLog(
            new Retention(100, 1 << 20, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5)),
            10_000,
            "n",
            Clock.systemUTC());
    /** Readers are told where their stream stands only after this. */
    volatile Future<Void> attachable = Future.succeededFuture();

    final Hub hub = new Hub(
            attachingLater(),
            Relay.NOWHERE,
            GatewayMetrics.NONE,
            new Hub.Settings("n", 100, 1 << 20, Duration.ofSeconds(30)));
    final ToldSessions sessions = new ToldSessions(hub);
    final ConnectionLimits limits;
    final List<GuestBook.Line> met = new CopyOnWriteArrayList<>();
    final Means.NodeWide node;
    final Map<String, Passage> passages = new ConcurrentHashMap<>();
    Connections connections;
    private int port;

    McpStand() {
        this(McpSettings.DEFAULT, 1000);
    }

    McpStand(McpSettings settings, int mostConnections) {
        node = Means.NodeWide.of(settings, met::add);
        limits = new ConnectionLimits(mostConnections, mostConnections, mostConnections);
        await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return serve(settings, (ContextInternal) context);
            }
        }));
    }

    private Log attachingLater() {
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(log, arguments);
                    return method.getName().equals("attach") ? attachable.compose(may -> (Future<?>) answer) : answer;
                });
    }

    private Future<?> serve(McpSettings settings, ContextInternal context) {
        connections = new Connections(
                context.nettyEventLoop(),
                new Connections.Settings(
                        settings.replies().heartbeat(),
                        Duration.ofSeconds(90),
                        new Connections.Retry(Duration.ofSeconds(2), Duration.ofMillis(1), Duration.ofSeconds(30)),
                        256 * 1024,
                        null,
                        false),
                GatewayMetrics.NONE,
                ExactHeaderNames.decoder(new HttpServerOptions()));
        McpPorts ports = new McpPorts(
                sessions, hub, log, new MessageReader(16), name -> Optional.ofNullable(passages.get(name)));
        Reception reception = new Reception(connections, limits, new PeerAddress(false), GatewayMetrics.NONE);
        BoundedBody body = new BoundedBody(vertx, 64 * 1024, Duration.ofSeconds(10));
        Router router = Router.router(vertx);
        Problems.install(router);
        router.route().handler(new RequestGuard(new Origins(List.of(Origins.LOOPBACK), List.of(Origins.ANY), false)));
        McpRoutes routes = new McpRoutes(new Means(ports, settings, reception, body, node), List.of("main", "docs"));
        Authentication authentication = new Authentication(credentials -> {
            String name = credentials.bearer().orElse("");
            return Future.succeededFuture(
                    name.isEmpty()
                            ? Principal.anonymous()
                            : Principal.named(name, Grant.EVERYTHING, false, Optional.empty()));
        });
        routes.mount(router, authentication);
        routes.mountOperations(router, authentication);
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setHttp2ClearTextEnabled(false)
                .setSendBufferSize(16 * 1024)
                .setIdleTimeout((int) IDLE.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(new ExactHeaderNames(options))
                .requestHandler(router);
        return server.listen().onSuccess(open -> port = open.actualPort());
    }

    Socket connect() {
        try {
            return new Socket("127.0.0.1", port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks as a client whose kernel takes little in advance, and does not read yet what comes after the head. */
    SseClient attendNarrow(String method, String path, String body, String... headers) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return new SseClient(
                    socket, body == null ? head(method, path, headers) + "\r\n" : posted(path, body, headers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Opens a stream; headers alternate names and values. */
    SseClient listen(String path, String... headers) {
        return new SseClient(connect(), head("GET", path, headers) + "\r\n").listen();
    }

    /** Posts and hears the answer as a stream. */
    SseClient postStream(String path, String body, String... headers) {
        return new SseClient(connect(), posted(path, body, headers)).listen();
    }

    /** Posts and does not wait for an answer. */
    Socket postUnheard(String path, String body, String... headers) {
        Socket socket = connect();
        try {
            socket.getOutputStream().write(posted(path, body, headers).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return socket;
    }

    private static String posted(String path, String body, String... headers) {
        String head = head("POST", path, headers) + "Content-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n";
        if (!head.contains("Accept:")) {
            head += "Accept: application/json, text/event-stream\r\n";
        }
        return head + "\r\n" + body;
    }

    private static String head(String method, String path, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return request.toString();
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(15))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (request.build().headers().firstValue("User-Agent").isEmpty()) {
            request.header("User-Agent", "test");
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String request(int id, String method) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}";
    }

    static String initialize(int id, String revision, String client) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                + revision + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"" + client + "\",\"version\":\"1\"}}}";
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
