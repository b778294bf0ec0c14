package dev.lifeline.gateway.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;

/**
 * A line of a list, and its place among the lines of all nodes.
 *
 * @param key the highest comes first
 * @param tie decides among equals; the same thing on two nodes has the same
 */
record Row(long key, String tie, JsonObject shown) {

    static final Comparator<Row> ORDER =
            Comparator.comparingLong(Row::key).reversed().thenComparing(Row::tie);

    JsonArray wire() {
        return new JsonArray().add(key).add(tie).add(shown);
    }

    static Row of(JsonArray wire) {
        return new Row(wire.getLong(0), wire.getString(1), wire.getJsonObject(2));
    }
}
