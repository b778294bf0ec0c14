package dev.lifeline.gateway.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a node found for a list.
 *
 * @param total how many there are
 * @param matched how many of them were sought
 * @param rows the first of those
 */
record Found(long total, long matched, List<Row> rows) {

    String wire() {
        JsonArray all = new JsonArray();
        rows.forEach(row -> all.add(row.wire()));
        return new JsonObject()
                .put("total", total)
                .put("matched", matched)
                .put("rows", all)
                .encode();
    }

    static Found of(String wire) {
        JsonObject said = new JsonObject(wire);
        List<Row> rows = said.getJsonArray("rows").stream()
                .map(row -> Row.of((JsonArray) row))
                .toList();
        return new Found(said.getLong("total"), said.getLong("matched"), rows);
    }
}
