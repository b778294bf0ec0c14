package dev.lifeline.gateway.fake;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A real MCP server that misbehaves when told to: Streamable HTTP at {@link #url()}, the legacy transport at {@link
 * #sseUrl()}. Its tools are those of {@link FakeMcpServerTools}; {@link FakeMcpServerStdio} offers them as a process.
 *
 * <p>Methods may be called from the test's thread, and have taken effect when they return. What is said about "the next"
 * something holds once.
 */
public final class FakeMcpServer implements AutoCloseable {

    /** How requests are answered. */
    public enum Style {
        JSON,
        /** JSON in an array, as 2025-03-26 allows. */
        JSON_ARRAY,
        SSE,
        /** 202, and the answer comes on the standing stream. */
        STANDING
    }

    /** A request as it arrived; {@code body} is empty for GET and DELETE. */
    public record Arrival(String method, String path, MultiMap headers, String body) {}

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final Map<String, FakeMcpServerSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final FakeMcpServerScript script = new FakeMcpServerScript();
    private HttpServer server;
    private final int port = RunningGateway.freePort();

    private FakeMcpServer() {}

    /** Starts one on a free port, answering in JSON and with sessions. */
    public static FakeMcpServer start() {
        FakeMcpServer fake = new FakeMcpServer();
        fake.listen();
        return fake;
    }

    private void listen() {
        Promise<HttpServer> listening = Promise.promise();
        context.runOnContext(run -> vertx.createHttpServer(new HttpServerOptions())
                .connectionHandler(connection -> {
                    made.incrementAndGet();
                    open.incrementAndGet();
                    connection.closeHandler(closed -> open.decrementAndGet());
                })
                .requestHandler(this::arrive)
                .listen(port, "127.0.0.1")
                .onComplete(listening));
        server = RunningGateway.await(listening.future());
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/mcp");
    }

    public URI sseUrl() {
        return URI.create("http://127.0.0.1:" + port + "/sse");
    }

    /** How it is to answer from now on. */
    public FakeMcpServer answers(Style style) {
        return tell(() -> script.style = style);
    }

    /** Whether its events carry ids and its streams can be taken up again; from the next stream on. */
    public FakeMcpServer eventIds(boolean on) {
        return tell(() -> script.eventIds = on);
    }

    /** Whether it has sessions; without, there is no standing stream either, and any session id is fine. */
    public FakeMcpServer sessions(boolean on) {
        return tell(() -> script.sessions = on);
    }

    /** Closes the next answer's stream after its first event, properly, and asks to be asked again so much later. */
    public FakeMcpServer closeNextEarly(long retryMillis) {
        return tell(() -> script.closeEarly = retryMillis);
    }

    /** Breaks the connection of the next answer when so many of its events (or, in JSON, none) have been written. */
    public FakeMcpServer cutNextAnswer(int afterEvents) {
        return tell(() -> script.cutAfter = afterEvents);
    }

    /** The next POST, or GET, with this method comes to nothing but this. */
    public FakeMcpServer refuseNext(String httpMethod, int status, String body, String... headers) {
        return tell(() -> script.refusals.add(new FakeMcpServerScript.Refusal(httpMethod, status, body, headers)));
    }

    /** Breaks the connection of the next request with this method before anything is carried out or answered. */
    public FakeMcpServer hangUpOnNext(String httpMethod) {
        return refuseNext(httpMethod, 0, "");
    }

    /** Every answer comes so much later from now on. */
    public FakeMcpServer delay(long millis) {
        return tell(() -> script.delay = millis);
    }

    /** The next stream of the legacy transport names no endpoint at all. */
    public FakeMcpServer silentNext() {
        return tell(() -> script.silent = true);
    }

    /** What the legacy transport names as its endpoint from now on; null for the truth. */
    public FakeMcpServer endpoint(String value) {
        return tell(() -> script.endpoint = value);
    }

    /** Answers the next request with these bytes as an event stream, and leaves it open. */
    public FakeMcpServer babbleNext(String bytes) {
        return tell(() -> script.babble = bytes);
    }

    /** Knows none of its sessions any more; their streams end. */
    public FakeMcpServer forgetSessions() {
        return tell(() -> {
            sessions.values().forEach(FakeMcpServerSession::end);
            sessions.clear();
        });
    }

    /** Breaks the connections of all standing streams. */
    public FakeMcpServer cutStandingStreams() {
        return tell(
                () -> sessions.values().forEach(session -> session.standing().cut()));
    }

    /** Ends all standing streams properly. */
    public FakeMcpServer endStandingStreams() {
        return tell(
                () -> sessions.values().forEach(session -> session.standing().end()));
    }

    /** Sends a notification on every standing stream. */
    public FakeMcpServer announce(String method, JsonObject params) {
        String text = FakeMcpServerTools.notification(method, params).encode();
        return tell(
                () -> sessions.values().forEach(session -> session.standing().say(text)));
    }

    /** Writes bytes to every standing stream as they are. */
    public FakeMcpServer babble(String bytes) {
        return tell(
                () -> sessions.values().forEach(session -> session.standing().raw(bytes)));
    }

    /** Stops listening, breaks all connections, and forgets everything, as a killed process does. */
    public FakeMcpServer kill() {
        RunningGateway.await(server.close());
        return tell(sessions::clear);
    }

    /** Comes back on the same port. */
    public FakeMcpServer restart() {
        listen();
        return this;
    }

    /** How often something ran under this key. */
    public int executions(String key) {
        AtomicInteger count = executions.get(key);
        return count == null ? 0 : count.get();
    }

    /** How many sessions it has now. */
    public int sessionsHeld() {
        return sessions.size();
    }

    /** How many sessions were ever begun. */
    public int sessionsBegun() {
        return begun.get();
    }

    /** How many standing streams are being read now. */
    public long standingStreams() {
        return ask(() -> sessions.values().stream()
                .filter(session -> session.standing().isRead())
                .count());
    }

    /** How many requests were given up by the other side before they were answered. */
    public int abandoned() {
        return abandoned.get();
    }

    /** How many connections there were. */
    public int connectionsMade() {
        return made.get();
    }

    /** How many there are. */
    public int connectionsOpen() {
        return open.get();
    }

    /** Everything that arrived, in order. */
    public List<Arrival> arrivals() {
        return arrivals;
    }

    /** What arrived with this HTTP method. */
    public List<Arrival> arrivals(String httpMethod) {
        return arrivals.stream()
                .filter(arrival -> arrival.method().equals(httpMethod))
                .toList();
    }

    @Override
    public void close() {
        RunningGateway.await(vertx.close());
    }

    private FakeMcpServer tell(Runnable what) {
        return ask(() -> {
            what.run();
            return this;
        });
    }

    private <T> T ask(Supplier<T> what) {
        Promise<T> done = Promise.promise();
        context.runOnContext(run -> done.complete(what.get()));
        return RunningGateway.await(done.future());
    }

    private void arrive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            arrivals.add(new Arrival(
                    request.method().name(), request.path(), MultiMap.caseInsensitiveMultiMap(), body.toString()));
            arrivals.get(arrivals.size() - 1).headers().addAll(request.headers());
            if (!script.refuse(request)) {
                route(request, body);
            }
        });
    }

    private void route(HttpServerRequest request, Buffer body) {
        switch (request.method().name() + " " + request.path()) {
            case "POST /mcp" -> post(request, body);
            case "GET /mcp" -> known(request, session -> session.listen(request));
            case "DELETE /mcp" ->
                known(request, session -> {
                    sessions.remove(session.id());
                    session.end();
                    request.response().end();
                });
            case "GET /sse" -> new FakeMcpServerLegacy(this::begin, script).open(request, sessions);
            case "POST /message" -> new FakeMcpServerLegacy(this::begin, script).post(request, body, sessions);
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void post(HttpServerRequest request, Buffer body) {
        JsonObject message = new JsonObject(body);
        request.response().exceptionHandler(gone -> abandoned.incrementAndGet());
        if (!script.sessions || "initialize".equals(message.getString("method"))) {
            FakeMcpServerSession session = begin();
            if (script.sessions) {
                sessions.put(session.id(), session);
                request.response().putHeader("Mcp-Session-Id", session.id());
            }
            session.take(message, request);
        } else {
            known(request, session -> session.take(message, request));
        }
    }

    private FakeMcpServerSession begin() {
        return new FakeMcpServerSession(
                "session-" + begun.incrementAndGet(),
                vertx,
                script,
                key -> executions
                        .computeIfAbsent(key, unseen -> new AtomicInteger())
                        .incrementAndGet());
    }

    private void known(HttpServerRequest request, Consumer<FakeMcpServerSession> then) {
        String id = request.getHeader("Mcp-Session-Id");
        FakeMcpServerSession session = id == null ? null : sessions.get(id);
        if (session != null) {
            then.accept(session);
        } else if (!script.sessions) {
            request.response().setStatusCode(405).end();
        } else {
            request.response()
                    .setStatusCode(id == null ? 400 : 404)
                    .end(
                            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}");
        }
    }
}
