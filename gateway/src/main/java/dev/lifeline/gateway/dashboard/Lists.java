package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.session.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Puts the lists of all nodes together. Each node finds its own first rows, and whoever was asked takes the first of them
 * all: the part that was wanted is among them. What is long is sorted and written off the event loops.
 */
final class Lists {

    private static final String SUBJECT = "dashboard.list.";

    private final Vertx vertx;
    private final String self;
    private final Colleagues colleagues;

    Lists(Vertx vertx, String self, Colleagues colleagues) {
        this.vertx = vertx;
        this.self = self;
        this.colleagues = colleagues;
    }

    /** From now on the other nodes are answered. */
    void answer(Listing listing) {
        colleagues.answer(
                SUBJECT + listing.name(),
                question ->
                        here(listing, Query.of(question)).compose(found -> vertx.executeBlocking(found::wire, false)));
    }

    private Future<Found> here(Listing listing, Query query) {
        return vertx.executeBlocking(() -> listing.find(query), false).compose(found -> found);
    }

    Future<JsonObject> ask(Listing listing, Query query) {
        String node = query.filters().get("node");
        boolean mine = node == null || node.equals(NodeId.nameOf(self));
        Future<Found> here = mine ? here(listing, query) : Future.succeededFuture(new Found(0, 0, List.of()));
        Future<Colleagues.Answers> there = colleagues.ask(others(node), SUBJECT + listing.name(), query.wire());
        return Future.all(here, there)
                .compose(both ->
                        vertx.executeBlocking(() -> together(listing, query, here.result(), there.result()), false));
    }

    private Collection<String> others(String node) {
        Set<String> all = colleagues.others();
        if (node == null) {
            return all;
        }
        return all.stream().filter(id -> NodeId.nameOf(id).equals(node)).toList();
    }

    private static JsonObject together(Listing listing, Query query, Found here, Colleagues.Answers there) {
        List<Found> parts = new ArrayList<>(List.of(here));
        there.said().values().forEach(said -> parts.add(Found.of(said)));
        List<Row> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.rows()));
        all.sort(Row.ORDER);
        List<Row> rows = listing.merge(all);
        JsonArray wanted = new JsonArray();
        rows.stream().skip(query.offset()).limit(query.limit()).forEach(row -> wanted.add(row.shown()));
        return new JsonObject()
                .put("total", parts.stream().mapToLong(Found::total).sum())
                .put("matched", parts.stream().mapToLong(Found::matched).sum())
                .put("offset", query.offset())
                .put(listing.name(), wanted)
                .put("partial", new JsonArray(there.silent()));
    }
}
