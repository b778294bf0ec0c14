package dev.lifeline.gateway.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The JSON Schema of a tool's arguments, or of a form, being written. */
final class Schema {

    private final JsonObject properties = new JsonObject();
    private final JsonArray required = new JsonArray();

    static Schema of() {
        return new Schema();
    }

    Schema needs(String name, String meaning) {
        required.add(name);
        properties.put(name, new JsonObject().put("type", "string").put("description", meaning));
        return this;
    }

    Schema number(String name, double most, double otherwise, String meaning) {
        return bounded(name, "number", 0, most, otherwise, meaning);
    }

    Schema count(String name, int most, int otherwise, String meaning) {
        return bounded(name, "integer", 1, most, otherwise, meaning);
    }

    private Schema bounded(String name, String type, int least, Number most, Number otherwise, String meaning) {
        properties.put(
                name,
                new JsonObject()
                        .put("type", type)
                        .put("minimum", least)
                        .put("maximum", most)
                        .put("default", otherwise)
                        .put("description", meaning));
        return this;
    }

    JsonObject json() {
        JsonObject schema = new JsonObject().put("type", "object").put("properties", properties);
        return required.isEmpty() ? schema : schema.put("required", required);
    }
}
