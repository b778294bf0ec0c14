package dev.lifeline.gateway.feed;

import dev.lifeline.gateway.http.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Keeps clients from publishing to a channel that a feed fills: what is read there is what the source said. */
public final class FeedGuard implements Handler<RoutingContext> {

    private final Set<String> names;

    public FeedGuard(Feeds feeds) {
        this.names = feeds.names();
    }

    @Override
    public void handle(RoutingContext context) {
        if (names.contains(context.pathParam("channel"))) {
            throw Problem.forbidden("This channel has a feed, and nobody else publishes to it.");
        }
        context.next();
    }
}
