package dev.lifeline.gateway.connection;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's open connections: writes their heads, keeps their wheel, and ends them all when the node goes.
 * Everything here happens on that loop.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /**
     * What connections go by.
     *
     * @param heartbeatInterval how long a link may be silent
     * @param connectionTimeout how long a peer may show no sign of life
     * @param retry what clients are told to wait before they come back
     * @param unsentLimit bytes that may wait in this process for one client before it counts as lagging
     * @param maxAge after which a link is renewed, or null
     * @param compression whether event streams may be compressed
     */
    public record Settings(
            Duration heartbeatInterval,
            Duration connectionTimeout,
            Retry retry,
            int unsentLimit,
            Duration maxAge,
            boolean compression) {}

    /**
     * How long a client shall wait before it comes back: a fixed part and a random one. The random part grows with the
     * number of links on its loop, so that those who lost a large node together do not return together.
     */
    public record Retry(Duration initial, Duration jitter, Duration longest) {

        private static final long RETURNS_PER_SECOND = 1000;

        Duration draw(int links) {
            long spread = Math.max(jitter.toMillis(), links * 1000L / RETURNS_PER_SECOND);
            long bound = Math.max(1, Math.min(spread, longest.minus(initial).toMillis()));
            return initial.plusMillis(ThreadLocalRandom.current().nextLong(bound));
        }
    }

    private final EventLoop loop;
    private final Settings settings;
    private final GatewayMetrics metrics;
    private final HeartbeatWheel wheel;
    private final RawCarrier.Way way;
    private final int patience;
    private final ArrayDeque<Closing> closings = new ArrayDeque<>();
    private int open;
    private boolean draining;

    /**
     * The connections of a loop.
     *
     * @param decoder reads the requests of an HTTP/1 connection; one is taken out while a stream is open
     */
    public Connections(EventLoop loop, Settings settings, GatewayMetrics metrics, Supplier<ChannelHandler> decoder) {
        this.loop = loop;
        this.settings = settings;
        this.metrics = metrics;
        this.wheel = new HeartbeatWheel(loop, settings.heartbeatInterval(), metrics);
        WriteBufferWaterMark bound = new WriteBufferWaterMark(settings.unsentLimit() / 2, settings.unsentLimit());
        this.way = new RawCarrier.Way(bound, decoder, settings.connectionTimeout());
        // A connection has its turn once an interval, so it may be stuck for one before anybody looks.
        this.patience = wheel.ticks(settings.connectionTimeout().minus(settings.heartbeatInterval()));
    }

    public EventLoop loop() {
        return loop;
    }

    /** Answers a request with an event stream: the head, and when to come back should it end. */
    public Connection open(HttpServerRequest request, Dialect dialect, Visitor visitor) {
        Connection connection = open(request, carrier(request), dialect, visitor);
        // Nobody reads them again, and they are most of what an idle connection would weigh.
        request.headers().clear();
        request.params().clear();
        request.response().headers().clear();
        return connection;
    }

    /** The same for an answer that comes to its end, and leaves its HTTP connection to the next request. */
    public Connection answer(HttpServerRequest request, Dialect dialect, Visitor visitor) {
        return open(request, response(request), dialect, visitor);
    }

    /**
     * Lets a request wait for an answer of which nothing can be said yet, longer than a connection may be silent. What is
     * given back ends that, and is to be called when the answer begins or is not wanted any more.
     */
    public Runnable letWait(HttpServerRequest request) {
        return RawCarrier.letWait(request);
    }

    private Connection open(HttpServerRequest request, Carrier carrier, Dialect dialect, Visitor visitor) {
        Connection connection = new Connection(this, carrier, dialect, visitor);
        wheel.add(connection);
        open++;
        metrics.connectionOpened();
        if (request.response().closed()) {
            // It left while we asked who it is. Nothing will tell us so again.
            connection.closed();
        } else {
            begin(request, connection);
        }
        return connection;
    }

    private void begin(HttpServerRequest request, Connection connection) {
        HttpServerResponse response = request.response();
        HttpVersion version = request.version();
        // Not on the HTTP connection, which HTTP/2 shares among streams.
        response.exceptionHandler(error -> connection.failing(Farewell.read(error, version)));
        response.closeHandler(closed -> connection.closed());
        writeHead(response, version);
        if (draining && connection.comesBack()) {
            connection.end(CloseReason.DRAINED);
        } else {
            connection.greet(retry());
        }
    }

    private static void writeHead(HttpServerResponse response, HttpVersion version) {
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        if (version == HttpVersion.HTTP_1_0) {
            // No chunks there: the stream ends with the connection, even if the client asked to keep it.
            response.headersEndHandler(head -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
            response.write(Buffer.buffer());
            return;
        }
        if (version == HttpVersion.HTTP_1_1) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.KEEP_ALIVE);
        }
        response.writeHead();
    }

    private Carrier carrier(HttpServerRequest request) {
        Carrier raw = settings.compression() ? null : RawCarrier.on(request, way);
        return raw == null ? response(request) : raw;
    }

    private Carrier response(HttpServerRequest request) {
        if (!request.response().closed()) {
            request.response().setWriteQueueMaxSize(settings.unsentLimit());
        }
        return new ResponseCarrier(request);
    }

    /**
     * Ends every connection as a planned end, spread over the window, and tells when the last one has ended. One that
     * opens later is ended at once: it had come already, and to refuse it would turn some clients away for good. Whose
     * client could not come back for the rest, or not yet, has the whole window to come to its end.
     *
     * @param quiet when nobody is expected to come any more
     */
    public Future<Void> drain(Duration window, Future<?> quiet) {
        Promise<Void> drained = Promise.promise();
        loop.execute(() -> {
            draining = true;
            new Drain(loop, wheel, window, quiet).begin().onComplete(drained);
        });
        return drained.future();
    }

    /** The newest endings, the newest last. */
    public List<Closing> closings() {
        return List.copyOf(closings);
    }

    public void forEach(Consumer<Connection> action) {
        wheel.forEach(action);
    }

    void closed(Connection connection, CloseReason reason) {
        wheel.remove(connection);
        open--;
        connection.visitor().release().run();
        metrics.connectionClosed(reason, connection.age());
        remember(connection, reason);
        LOG.atDebug()
                .addKeyValue("reason", reason.label())
                .addKeyValue("address", connection.visitor().address())
                .addKeyValue("principal", connection.visitor().principal())
                .addKeyValue("age", connection.age())
                .addKeyValue("events", connection.events())
                .log("connection closed");
    }

    private void remember(Connection connection, CloseReason reason) {
        if (closings.size() == Closing.KEPT) {
            closings.removeFirst();
        }
        closings.addLast(Closing.of(connection, reason));
    }

    HeartbeatWheel wheel() {
        return wheel;
    }

    int patience() {
        return patience;
    }

    Duration retry() {
        return settings.retry().draw(open);
    }

    /** The tick at which a visitor's connection has to end. */
    long deadline(Visitor visitor, boolean comesBack) {
        // Two more: the tick that has begun already, and the one that rounding down has taken away.
        long byCredential = visitor.expiry() == null ? Long.MAX_VALUE : wheel.now() + 2 + ticksUntil(visitor.expiry());
        long byAge =
                settings.maxAge() == null || !comesBack ? Long.MAX_VALUE : wheel.now() + wheel.ticks(settings.maxAge());
        return Math.min(byCredential, byAge);
    }

    private int ticksUntil(Instant expiry) {
        return wheel.ticks(Duration.between(Instant.now(), expiry));
    }

    CloseReason deadlineReason(Visitor visitor) {
        boolean expired = visitor.expiry() != null && !Instant.now().isBefore(visitor.expiry());
        return expired ? CloseReason.CREDENTIAL_EXPIRED : CloseReason.ROTATED;
    }
}
