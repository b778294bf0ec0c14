package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.session.Courier;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The operators' API of a node: what it is asked here it tells of all nodes. One for all event loops. */
public final class DashboardApi {

    private static final String REPORT = "dashboard.report";

    private final Sight sight;
    private final Colleagues colleagues;
    private final Reporter reporter;
    private final Lists lists;
    private final Live live;
    private final List<Listing> listings;

    /**
     * An API that answers nobody yet.
     *
     * @param others the nodes that can be asked, without this one
     */
    public DashboardApi(Vertx vertx, Sight sight, Courier courier, Supplier<Set<String>> others) {
        this.sight = sight;
        this.colleagues = new Colleagues(vertx, courier, others);
        this.reporter = new Reporter(vertx, sight);
        this.lists = new Lists(vertx, sight.node(), colleagues);
        this.live = new Live(vertx, sight.hub(), reporter, colleagues);
        this.listings = List.of(new LinkListing(sight), new SessionListing(sight), new StreamListing(sight));
    }

    /** From now on other nodes are answered, and whoever watches gets reports. */
    public void start() {
        colleagues.answer(REPORT, nothing -> reporter.report().map(JsonObject::encode));
        listings.forEach(lists::answer);
        live.start();
    }

    /** Tells whoever watches that this node is about to go. */
    public Future<Void> farewell() {
        return live.farewell();
    }

    /** Puts the API behind its guard, on the port of this event loop. */
    public void mount(Router router, Handler<RoutingContext> guard, Connections connections, PeerAddress peers) {
        router.get("/api/nodes").handler(guard).handler(context -> answer(context, nodes()));
        router.get("/api/live").handler(guard).handler(new LiveRoute(sight.hub(), live, connections, peers));
        for (Listing listing : listings) {
            router.get("/api/" + listing.name()).handler(guard).handler(context -> list(context, listing));
        }
    }

    private void list(RoutingContext context, Listing listing) {
        Query query = Query.of(context.request().params(), listing.parameters());
        listing.check(query.filters());
        answer(context, lists.ask(listing, query));
    }

    private Future<JsonObject> nodes() {
        Future<JsonObject> own = reporter.report();
        Future<Colleagues.Answers> others = colleagues.ask(colleagues.others(), REPORT, "");
        return Future.all(own, others).map(both -> {
            List<JsonObject> all = new ArrayList<>(List.of(own.result()));
            others.result().said().values().forEach(said -> all.add(new JsonObject(said)));
            others.result()
                    .silent()
                    .forEach(node -> all.add(new JsonObject().put("node", node).put("status", "silent")));
            all.sort(Comparator.comparing(report -> report.getString("node")));
            return new JsonObject().put("nodes", new JsonArray(all));
        });
    }

    private static void answer(RoutingContext context, Future<JsonObject> body) {
        // Other event loops had a part in it: the answer leaves on the one the request came on.
        Context home = context.vertx().getOrCreateContext();
        body.onComplete(told -> home.runOnContext(back -> {
            if (told.succeeded()) {
                context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(told.result().toBuffer());
            } else {
                context.fail(told.cause());
            }
        }));
    }
}
