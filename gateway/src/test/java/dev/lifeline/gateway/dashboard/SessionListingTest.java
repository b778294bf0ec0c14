package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session in which several nodes have a part is one session. */
class SessionListingTest {

    private final SessionListing listing = new SessionListing(null);

    private static Row part(long generation, String holder, String listensAt, String... open) {
        JsonArray methods = new JsonArray();
        List.of(open).forEach(method -> methods.add(new JsonObject().put("method", method)));
        return new Row(
                7,
                "hash",
                new JsonObject()
                        .put("holder", holder)
                        .put("listening", listensAt != null)
                        .put("node", listensAt)
                        .put("open_exchanges", methods)
                        .put("part", generation));
    }

    @Test
    void whoKnowsTheLaterLinkIsBelievedAndWhereTheClientListensOnlyThatNodeKnows() {
        Row other = new Row(3, "another", part(1, "c", null).shown());

        List<Row> rows = listing.merge(List.of(part(1, "a", "a", "tools/call"), part(2, "b", null, "ping"), other));

        assertThat(rows).hasSize(2);
        JsonObject session = rows.get(0).shown();
        assertThat(session.getString("holder")).isEqualTo("b");
        assertThat(session.getBoolean("listening")).isTrue();
        assertThat(session.getString("node")).isEqualTo("a");
        assertThat(session.getJsonArray("open_exchanges")).hasSize(2);
        assertThat(rows).noneMatch(row -> row.shown().containsKey("part"));
    }
}
