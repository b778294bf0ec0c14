package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.session.NodeId;
import dev.lifeline.gateway.session.Part;
import dev.lifeline.gateway.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sessions that nodes have a part in, the latest change first. Several nodes may have a part in one; it counts where
 * its link is held. A session nobody has used for a while rests in the store alone, and is not listed.
 */
final class SessionListing implements Listing {

    /** Which part a row tells of; not for the eyes of operators. */
    private static final String PART = "part";

    private final Sight sight;

    SessionListing(Sight sight) {
        this.sight = sight;
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public Set<String> parameters() {
        return Set.of("q");
    }

    @Override
    public Future<Found> find(Query query) {
        Best best = new Best(query.reach());
        AtomicLong total = new AtomicLong();
        AtomicLong matched = new AtomicLong();
        sight.sessions().all().forEach(part -> {
            int counts = isCountedHere(part) ? 1 : 0;
            total.addAndGet(counts);
            JsonObject shown = shown(part);
            if (isSought(query.filters().get("q"), shown)) {
                matched.addAndGet(counts);
                long changed = part.session().presence().changed().toEpochMilli();
                best.offer(new Row(changed, shown.getString("session"), shown));
            }
        });
        return Future.succeededFuture(new Found(total.get(), matched.get(), best.rows()));
    }

    private boolean isCountedHere(Part part) {
        return part.link().holder() == null || part.link().holder().equals(sight.node());
    }

    private static boolean isSought(String sought, JsonObject shown) {
        JsonObject client = shown.getJsonObject("client");
        return Listing.matches(
                sought,
                shown.getString("session"),
                shown.getString("upstream"),
                shown.getString("principal"),
                shown.getString("transport"),
                client == null ? null : client.getString("name") + "/" + client.getString("version"));
    }

    private static String name(String node) {
        return node == null ? null : NodeId.nameOf(node);
    }

    /** When its client came or went, or null while none has ever listened. */
    private static String changed(Session.Presence presence) {
        return presence.changed().equals(Instant.EPOCH) ? null : Shown.time(presence.changed());
    }

    private JsonObject shown(Part part) {
        Session session = part.session();
        JsonArray open = new JsonArray();
        part.open()
                .forEach(exchange -> open.add(new JsonObject()
                        .put("method", Shown.clean(exchange.method()))
                        .put("age_seconds", exchange.age().toSeconds())));
        return new JsonObject()
                .put("session", Shown.session(session.id()))
                .put("upstream", session.upstream())
                .put("transport", session.owner().transport().name().toLowerCase(Locale.ROOT))
                .put("revision", session.opening().revision())
                .put("client", Shown.client(Shown.client(session)))
                .put("principal", session.owner().principal())
                .put("listening", part.present())
                .put(
                        "node",
                        name(part.present() ? sight.node() : session.presence().node()))
                .put("holder", name(part.link().holder()))
                .put("open_exchanges", open)
                .put("changed_at", changed(session.presence()))
                .put(PART, part.link().generation());
    }

    @Override
    public List<Row> merge(List<Row> rows) {
        Map<String, Row> sessions = new LinkedHashMap<>();
        rows.forEach(row -> sessions.merge(row.tie(), row, SessionListing::both));
        sessions.values().forEach(row -> row.shown().remove(PART));
        return List.copyOf(sessions.values());
    }

    /** Who knows the later link knows more; where a client listens, only the node it listens at can tell. */
    private static Row both(Row one, Row other) {
        boolean later = other.shown().getLong(PART) > one.shown().getLong(PART);
        JsonObject shown = (later ? other : one).shown().copy();
        for (Row row : List.of(one, other)) {
            if (row.shown().getBoolean("listening")) {
                shown.put("listening", true).put("node", row.shown().getString("node"));
            }
        }
        JsonArray open = one.shown().getJsonArray("open_exchanges").copy();
        open.addAll(other.shown().getJsonArray("open_exchanges"));
        return new Row(one.key(), one.tie(), shown.put("open_exchanges", open));
    }
}
