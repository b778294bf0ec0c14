package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.Client;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.session.Parts;
import dev.lifeline.gateway.stream.Subscription;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/**
 * A connection at the moment it is looked at, on its event loop.
 *
 * @param stream as it may be shown, or null while nobody knows it
 */
record LinkView(Connection connection, Who who, String stream, String state, long lag) {

    static LinkView of(Connection connection, Parts sessions) {
        Subscription source = connection.subscription();
        String stream = source == null ? null : source.stream();
        return new LinkView(
                connection,
                Who.of(stream, connection.visitor().client(), sessions),
                stream == null ? null : Shown.stream(stream),
                (source == null ? Subscription.Phase.REPLAYING : source.phase())
                        .name()
                        .toLowerCase(Locale.ROOT),
                source == null ? 0 : source.behind());
    }

    /** Whether it belongs to a session whose client this node does not know. */
    boolean isUnknown() {
        return who.client() == null && stream != null && stream.startsWith(Shown.SESSIONS);
    }

    boolean isSought(Map<String, String> filters) {
        Client client = who.client();
        return is(filters.get("kind"), who.kind().label())
                && is(filters.get("state"), state)
                && Listing.matches(
                        filters.get("q"),
                        stream,
                        connection.visitor().address(),
                        connection.visitor().principal(),
                        client == null ? null : client.name() + "/" + client.version());
    }

    private static boolean is(String asked, String value) {
        return asked == null || asked.equals(value);
    }

    Row row(String sort, String node) {
        String id = id();
        return new Row(key(sort), id, shown(id, node));
    }

    /** The oldest, the furthest behind, the busiest: whoever stands out comes first. */
    private long key(String sort) {
        return switch (sort) {
            case "lag" -> lag;
            case "events" -> connection.events();
            case "bytes" -> connection.bytes();
            default -> -connection.openedAt().toEpochMilli();
        };
    }

    /** Tells it from the others for as long as it is open, and takes no memory in it. */
    private String id() {
        return Integer.toString(System.identityHashCode(connection), Character.MAX_RADIX)
                + "-"
                + Long.toString(connection.openedAt().toEpochMilli(), Character.MAX_RADIX);
    }

    private JsonObject shown(String id, String node) {
        return new JsonObject()
                .put("id", id)
                .put("node", node)
                .put("kind", who.kind().label())
                .put("stream", stream)
                .put("state", state)
                .put("opened_at", Shown.time(connection.openedAt()))
                .put("age_seconds", connection.age().toSeconds())
                .put("idle_seconds", connection.quiet().toSeconds())
                .put("heartbeats", connection.heartbeats())
                .put("events", connection.events())
                .put("bytes", connection.bytes())
                .put("lag", lag)
                .put("client", Shown.client(who.client()))
                .put("address", connection.visitor().address())
                .put("principal", connection.visitor().principal());
    }
}
