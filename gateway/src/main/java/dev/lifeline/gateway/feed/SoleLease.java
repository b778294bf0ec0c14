package dev.lifeline.gateway.feed;

import io.vertx.core.Future;
import java.time.Duration;

/** The lease of a node on its own: nobody else could have the feed, and what it knew ends with it. */
final class SoleLease implements FeedLease {

    private static final Duration LENGTH = Duration.ofHours(1);

    @Override
    public Future<Standing> hold() {
        return Future.succeededFuture(new Standing(true, 1, null));
    }

    @Override
    public Future<Boolean> keep(long fence, String position) {
        return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> release() {
        return Future.succeededFuture();
    }

    @Override
    public Duration length() {
        return LENGTH;
    }
}
