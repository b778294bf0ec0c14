package dev.lifeline.gateway.feed;

import dev.lifeline.gateway.client.Here;
import dev.lifeline.gateway.client.SourceState;
import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that fills a channel. All nodes ask for its lease; the one that has it follows the source, and the others wait
 * for it to die.
 */
final class Feed {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int TURNS_PER_LEASE = 3;
    private static final long LONGEST_TURN_MILLIS = 2000;

    private final Vertx vertx;
    private final Context context;
    private final Hub hub;
    private final Feeds.Settings settings;
    private final FeedLease lease;

    private volatile Tenure tenure;

    // Owned by the context.
    private long timer = -1;
    private boolean asking;
    private boolean closed;

    Feed(Vertx vertx, Hub hub, Feeds.Settings settings, FeedLease lease) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.hub = hub;
        this.settings = settings;
        this.lease = lease;
    }

    String name() {
        return settings.name();
    }

    void start() {
        long turn = Math.min(LONGEST_TURN_MILLIS, lease.length().toMillis() / TURNS_PER_LEASE);
        context.runOnContext(begin -> {
            timer = vertx.setPeriodic(Math.max(1, turn), due -> turn());
            turn();
        });
    }

    private void turn() {
        if (asking || closed) {
            return;
        }
        asking = true;
        long asked = System.nanoTime();
        lease.hold()
                .onComplete(answer -> Here.run(context, () -> {
                    asking = false;
                    if (answer.succeeded() && !closed) {
                        heard(answer.result(), asked);
                    } else {
                        LOG.debug("the lease of feed {} was not renewed", name());
                    }
                }));
    }

    private void heard(FeedLease.Standing standing, long asked) {
        boolean same = tenure != null && standing.held() && tenure.continues(standing);
        if (same) {
            tenure.renewed(asked, standing.position());
            return;
        }
        String known = tenure == null ? null : tenure.position();
        stop();
        if (standing.held()) {
            LOG.atInfo().addKeyValue("feed", name()).log("this node follows the source of a feed");
            tenure = new Tenure(vertx, hub, settings, lease, standing.or(known));
            tenure.renewed(asked, standing.position());
            tenure.start();
        }
    }

    private void stop() {
        if (tenure != null) {
            tenure.stop();
            tenure = null;
        }
    }

    Future<Void> close() {
        Promise<Void> released = Promise.promise();
        Here.run(context, () -> {
            closed = true;
            vertx.cancelTimer(timer);
            stop();
            lease.release().otherwiseEmpty().onComplete(released);
        });
        return released.future();
    }

    Feeds.Report report() {
        Tenure now = tenure;
        SourceState.Phase phase = now == null ? null : now.phase();
        String state = phase == null ? "elsewhere" : phase.name().toLowerCase(Locale.ROOT);
        return new Feeds.Report(name(), state, phase != null);
    }
}
