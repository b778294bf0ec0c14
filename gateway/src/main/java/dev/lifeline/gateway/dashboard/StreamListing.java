package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The streams that have, or lately had, readers: a line for each node that attends one. Those with most readers first. */
final class StreamListing implements Listing {

    private final Sight sight;

    StreamListing(Sight sight) {
        this.sight = sight;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public Set<String> parameters() {
        return Set.of("node", "q");
    }

    @Override
    public Future<Found> find(Query query) {
        Best best = new Best(query.reach());
        AtomicLong total = new AtomicLong();
        sight.hub().views().forEach(view -> {
            total.incrementAndGet();
            String name = Shown.stream(view.stream());
            if (Listing.matches(query.filters().get("q"), name)) {
                best.offer(new Row(view.readers(), name + " " + sight.name(), shown(name, view)));
            }
        });
        return Future.succeededFuture(new Found(total.get(), best.offered(), best.rows()));
    }

    private JsonObject shown(String name, Hub.View view) {
        return new JsonObject()
                .put("stream", name)
                .put("node", sight.name())
                .put("readers", view.readers())
                .put("ring_events", view.events())
                .put("ring_bytes", view.bytes())
                .put("ring_fill", Shown.share(view.fill()))
                .put("tail", view.tail() == null ? null : view.tail().toString());
    }
}
