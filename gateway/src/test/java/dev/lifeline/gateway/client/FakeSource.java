package dev.lifeline.gateway.client;

import static dev.lifeline.gateway.fake.RunningGateway.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An event stream over a real socket that numbers its events, replays after {@code Last-Event-ID}, and does to its
 * connections what a test wants done. It may be stopped and started again on the same port.
 */
public final class FakeSource implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final List<String> history = new CopyOnWriteArrayList<>();
    private final List<HttpServerResponse> open = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private volatile Handler<HttpServerRequest> behaviour = this::serve;
    private volatile boolean numbered = true;
    private volatile int overlap;
    private HttpServer server;
    private int port;

    private FakeSource() {}

    public static FakeSource start() {
        FakeSource source = new FakeSource();
        source.begin();
        return source;
    }

    /** Listens, where it listened before if it did. */
    public FakeSource begin() {
        server = await(vertx.createHttpServer().requestHandler(this::take).listen(port, "127.0.0.1"));
        port = server.actualPort();
        return this;
    }

    /** Is gone, with all its connections. */
    public void stop() {
        await(server.shutdown(0, TimeUnit.SECONDS));
        open.clear();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/stream");
    }

    /** Does this with each request, from now on; null is to serve it. */
    public void does(Handler<HttpServerRequest> other) {
        behaviour = other == null ? this::serve : other;
    }

    /** Gives its events no ids, so that nobody can go on after one. */
    public FakeSource unnumbered() {
        numbered = false;
        return this;
    }

    /** Sends so many events once more to whoever comes back. */
    public FakeSource overlapping(int events) {
        overlap = events;
        return this;
    }

    private void take(HttpServerRequest request) {
        String id = request.getHeader("Last-Event-ID");
        asked.add(id == null ? "" : id);
        behaviour.handle(request);
    }

    public void serve(HttpServerRequest request) {
        HttpServerResponse response = request.response().setChunked(true);
        response.putHeader("Content-Type", "text/event-stream").write(":\n\n");
        String after = request.getHeader("Last-Event-ID");
        synchronized (history) {
            if (after != null) {
                for (int i = Math.max(0, Integer.parseInt(after) - overlap); i < history.size(); i++) {
                    response.write(frame(i));
                }
            }
            open.add(response);
        }
        response.closeHandler(closed -> open.remove(response));
    }

    private String frame(int index) {
        return (numbered ? "id: " + (index + 1) + "\n" : "") + history.get(index) + "\n\n";
    }

    public void send(String data) {
        sendLines("data: " + data);
    }

    /** Sends an event of these lines. */
    public void sendLines(String lines) {
        synchronized (history) {
            history.add(lines);
            open.forEach(response -> response.write(frame(history.size() - 1)));
        }
    }

    /** Says what is no event, to all. */
    public void say(String raw) {
        open.forEach(response -> response.write(raw));
    }

    /** Cuts all connections in the middle of an event. */
    public void cut() {
        List<HttpServerResponse> all = new ArrayList<>(open);
        open.clear();
        all.forEach(response -> {
            response.write("id: 999\ndata: half");
            response.reset();
        });
    }

    public int connections() {
        return open.size();
    }

    /** The id the next one that asks, or has asked, goes on after; empty for none. */
    public String nextAsked() {
        try {
            String id = asked.poll(20, TimeUnit.SECONDS);
            if (id == null) {
                throw new AssertionError("nobody asks");
            }
            return id;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public int timesAsked() {
        return asked.size();
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
