package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.session.Passage;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One modern answer on its way from the upstream to the client, byte by byte as it comes. Where it is an event stream and
 * silent, comments between its events say that the line is alive. Lives on the client's event loop.
 */
final class Transit {

    private final HttpServerResponse response;
    private final EventLoop loop;
    private final Duration heartbeat;
    private final GatewayMetrics metrics;
    private final Admission.Place place;
    private final EventBoundary boundary = new EventBoundary();
    private final Promise<Void> calledOff = Promise.promise();

    private Passage.Answer answer;
    private ScheduledFuture<?> timer;
    private long openedAt;
    private long wroteAt;
    private boolean over;

    Transit(HttpServerResponse response, Means means, Admission.Place place) {
        this.response = response;
        this.loop = means.reception().connections().loop();
        this.heartbeat = means.settings().replies().heartbeat();
        this.metrics = means.reception().metrics();
        this.place = place;
        if (!response.closed()) {
            response.closeHandler(left -> cancel());
        }
    }

    /** Succeeds when the client leaves before it has its answer, begun or not. */
    Future<Void> calledOff() {
        return calledOff.future();
    }

    /** The upstream has begun to answer. */
    void begin(Passage.Answer begun) {
        answer = begun;
        if (over || response.closed()) {
            // It left while we were asking.
            cancel();
            return;
        }
        openedAt = System.nanoTime();
        wroteAt = openedAt;
        metrics.connectionOpened();
        head();
        answer.body().handler(bytes -> loop.execute(() -> write(bytes)));
        answer.body().exceptionHandler(broken -> loop.execute(this::broken));
        answer.body().endHandler(end -> loop.execute(this::end));
        answer.body().resume();
    }

    private void head() {
        response.setStatusCode(answer.status()).setChunked(true);
        ModernHeaders.giveBack(answer.headers(), response.headers());
        String type = answer.headers().get(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.startsWith(McpHeaders.EVENTS)) {
            response.putHeader("X-Accel-Buffering", "no");
            timer = loop.scheduleAtFixedRate(
                    this::beat, heartbeat.toNanos(), heartbeat.toNanos(), TimeUnit.NANOSECONDS);
            response.writeHead();
        }
    }

    private void write(Buffer bytes) {
        if (over) {
            return;
        }
        boundary.pass(bytes);
        wroteAt = System.nanoTime();
        response.write(bytes);
        if (response.writeQueueFull()) {
            answer.body().pause();
            response.drainHandler(drained -> answer.body().resume());
        }
    }

    private void beat() {
        boolean silent = System.nanoTime() - wroteAt >= heartbeat.toNanos() / 2;
        if (!over && silent && boundary.isBetween() && !response.writeQueueFull()) {
            response.write(Buffer.buffer(Comments.ALONE.heartbeat(Instant.now())));
        }
    }

    private void end() {
        if (!over) {
            over(CloseReason.COMPLETED);
            response.end();
        }
    }

    /** What cannot be finished is cut, so that nobody takes it for whole. */
    private void broken() {
        if (!over) {
            over(CloseReason.PEER_LOST);
            response.reset();
        }
    }

    /** The client has left: for this revision that calls the request off, at once. */
    private void cancel() {
        calledOff.tryComplete();
        over(CloseReason.CLIENT_LEFT);
    }

    /** No answer ever began. */
    void over() {
        over(CloseReason.COMPLETED);
    }

    private void over(CloseReason reason) {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        place.release();
        if (openedAt != 0) {
            metrics.connectionClosed(reason, Duration.ofNanos(System.nanoTime() - openedAt));
        }
    }
}
