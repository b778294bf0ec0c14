package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.BiFunction;

/**
 * Something a client can have done here.
 *
 * @param harmless whether it changes nothing, so that it may be done again
 * @param work gives back a result, or fails with a {@link BadArgument} or what else it cannot do
 */
record Tool(
        String name,
        String title,
        String description,
        boolean harmless,
        Schema schema,
        BiFunction<Arguments, Call, Future<JsonObject>> work) {

    /** How it stands in the list. */
    JsonObject listed() {
        JsonObject annotations = new JsonObject()
                .put("title", title)
                .put("readOnlyHint", harmless)
                .put("destructiveHint", false)
                .put("idempotentHint", harmless)
                .put("openWorldHint", false);
        return new JsonObject()
                .put("name", name)
                .put("title", title)
                .put("description", description)
                .put("inputSchema", schema.json())
                .put("annotations", annotations);
    }

    /** Calls it; a mistake in the arguments comes back as a result that says so. */
    Future<JsonObject> call(JsonObject arguments, Call call) {
        try {
            return work.apply(new Arguments(arguments), call);
        } catch (BadArgument mistake) {
            return Future.succeededFuture(failed(mistake.getMessage()));
        }
    }

    static JsonObject said(String text) {
        JsonObject content = new JsonObject().put("type", "text").put("text", text);
        return new JsonObject().put("content", new JsonArray().add(content));
    }

    static JsonObject failed(String text) {
        return said(text).put("isError", true);
    }

    static Future<JsonObject> saying(String text) {
        return Future.succeededFuture(said(text));
    }
}
