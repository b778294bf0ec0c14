package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.Closing;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.session.Part;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says how a node is: all of it is known anyway, and put together when somebody asks. */
final class Reporter {

    private static final int MOST_CLOSINGS = 50;

    private final Vertx vertx;
    private final Sight sight;
    private final Rates rates;

    Reporter(Vertx vertx, Sight sight) {
        this.vertx = vertx;
        this.sight = sight;
        this.rates = new Rates(Tally.of(sight.registry()), System.nanoTime());
    }

    Future<JsonObject> report() {
        // Off the event loops: it goes over all sessions and streams, of which there may be very many.
        return sight.connections()
                .ask(Connections::closings)
                .compose(closings -> vertx.executeBlocking(() -> report(closings), false));
    }

    private JsonObject report(List<List<Closing>> closings) {
        Sight.Identity identity = sight.identity();
        Tally tally = Tally.of(sight.registry());
        Sum sum = new Sum();
        sight.sessions().all().forEach(sum::add);
        return new JsonObject()
                .put("node", sight.name())
                .put("version", identity.version())
                .put("status", sight.status())
                .put("started_at", Shown.time(identity.startedAt()))
                .put(
                        "uptime_seconds",
                        Duration.between(identity.startedAt(), Instant.now()).toSeconds())
                .put(
                        "log",
                        new JsonObject()
                                .put("kind", identity.logKind())
                                .put("available", sight.log().available()))
                .put("relay", sight.standing().joined() ? "joined" : "off")
                .put("links", links(tally))
                .put("sessions", sum.shown())
                .put("streams", streams())
                .put("rates", rates.upTo(tally, System.nanoTime()))
                .put("upstreams", upstreams(sum))
                .put("heap", heap())
                .put("closings", closings(closings));
    }

    private static JsonObject links(Tally tally) {
        return new JsonObject()
                .put("open", tally.open())
                .put("opened", tally.opened())
                .put("refused", tally.refused());
    }

    private JsonObject streams() {
        return new JsonObject()
                .put("attended", sight.hub().streams())
                .put("ring_bytes", sight.hub().ringBytes())
                .put("ring_fill", Shown.share(sight.hub().ringUtilization()));
    }

    private static JsonObject heap() {
        Runtime runtime = Runtime.getRuntime();
        return new JsonObject()
                .put("used", runtime.totalMemory() - runtime.freeMemory())
                .put("max", runtime.maxMemory());
    }

    private JsonArray upstreams(Sum sum) {
        JsonArray all = new JsonArray();
        sight.standing().upstreams().forEach(view -> {
            int links = sum.linked.getOrDefault(view.name(), 0);
            all.add(new JsonObject()
                    .put("name", view.name())
                    .put("kind", view.kind())
                    .put("url_or_command", view.place())
                    .put("state", state(view, links))
                    .put("links", links)
                    .put("reconnections", view.reconnections())
                    .put("last_failure", view.lastFailure()));
        });
        return all;
    }

    private static String state(Sight.UpstreamView view, int links) {
        if (view.trouble() != null && (links > 0 || view.trouble().equals("failing"))) {
            return view.trouble();
        }
        return links > 0 ? "connected" : "idle";
    }

    private JsonArray closings(List<List<Closing>> ofLoops) {
        JsonArray newest = new JsonArray();
        ofLoops.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Closing::at).reversed())
                .limit(MOST_CLOSINGS)
                .forEach(closing -> newest.add(closing(closing)));
        return newest;
    }

    private JsonObject closing(Closing closing) {
        Who who = Who.of(closing.stream(), closing.client(), sight.sessions());
        return new JsonObject()
                .put("at", Shown.time(closing.at()))
                .put("reason", closing.reason().label())
                .put("code", closing.reason().code())
                .put("return", closing.reason().comeBack())
                .put("kind", who.kind().label())
                .put("client", Shown.client(who.client()))
                .put("age_seconds", closing.age().toSeconds());
    }

    /** The sessions of this node, summed up. */
    private static final class Sum {
        private int held;
        private int open;
        private final Map<String, Integer> linked = new HashMap<>();

        void add(Part part) {
            held++;
            open += part.open().size();
            Optional.of(part)
                    .filter(Part::linked)
                    .ifPresent(it -> linked.merge(it.session().upstream(), 1, Integer::sum));
        }

        JsonObject shown() {
            return new JsonObject().put("held", held).put("open_exchanges", open);
        }
    }
}
