package dev.lifeline.gateway.dashboard;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes this node's report again and again, while somebody watches on any node. A node with watchers tells the others
 * so at every turn; the wish lapses by itself when it is not repeated, so that nobody has to be told of an end.
 */
final class Live {

    /** Not a channel's stream, whatever the channel is called: those begin otherwise. */
    static final String STREAM = "api:live";

    static final String REPORT = "report";

    private static final Logger LOG = LoggerFactory.getLogger(Live.class);
    private static final String WATCHED = "dashboard.watched";
    static final long TURN_MILLIS = 2000;
    private static final long WISH = TimeUnit.SECONDS.toNanos(7);

    /** Whoever comes need not wait for the turn; many who come at once are served by one report. */
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(400);

    private static final long AGAIN_MILLIS = 500;

    private final Hub hub;
    private final Reporter reporter;
    private final Colleagues colleagues;
    private final AtomicInteger watchers = new AtomicInteger();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicLong wishedUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong publishedAt = new AtomicLong(System.nanoTime() - WISH);

    private final Vertx vertx;

    Live(Vertx vertx, Hub hub, Reporter reporter, Colleagues colleagues) {
        this.vertx = vertx;
        this.hub = hub;
        this.reporter = reporter;
        this.colleagues = colleagues;
    }

    void start() {
        colleagues.answer(WATCHED, nothing -> {
            wished();
            return Future.succeededFuture("");
        });
        vertx.setPeriodic(TURN_MILLIS, turn -> turn());
    }

    /** Takes a watcher in, if there are no more than so many. */
    boolean enter(int most) {
        return watchers.getAndUpdate(now -> Math.min(most, now + 1)) < most;
    }

    /** A watcher attends the stream: what it waits for is on its way. */
    void attended() {
        colleagues.tell(WATCHED);
        publishSoon();
        // Once more: the first may have been kept before the log said where this reader begins.
        vertx.setTimer(AGAIN_MILLIS, again -> publishSoon());
    }

    void left() {
        watchers.decrementAndGet();
    }

    private void wished() {
        long before = wishedUntil.getAndSet(System.nanoTime() + WISH);
        if (before - System.nanoTime() < 0) {
            publishSoon();
        }
    }

    private void turn() {
        if (watchers.get() > 0) {
            colleagues.tell(WATCHED);
            publish();
        } else if (isWished()) {
            publish();
        }
    }

    private boolean isWished() {
        return wishedUntil.get() - System.nanoTime() > 0;
    }

    /** A last word, where anybody watches: how this node is now that it is about to go. */
    Future<Void> farewell() {
        return watchers.get() > 0 || isWished() ? report() : Future.succeededFuture();
    }

    private void publishSoon() {
        if (System.nanoTime() - publishedAt.get() > SHORTEST) {
            publish();
        }
    }

    /** One at a time: while the log is away they would wait there, and be old when it is back. */
    private void publish() {
        if (!underWay.compareAndSet(false, true)) {
            return;
        }
        publishedAt.set(System.nanoTime());
        report().onComplete(done -> underWay.set(false));
    }

    private Future<Void> report() {
        return reporter.report()
                .compose(report -> hub.publish(STREAM, List.of(new Event(REPORT, report.encode())), null))
                .onFailure(away -> LOG.debug("the report was not published: {}", away.toString()))
                .mapEmpty();
    }
}
