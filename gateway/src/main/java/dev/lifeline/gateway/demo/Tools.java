package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tools there are just now. */
final class Tools {

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final Audience audience;

    Tools(Library library, Audience audience) {
        this.audience = audience;
        TrialTools.all().forEach(this::add);
        new PageTools(library, audience).all().forEach(this::add);
        add(toggle());
    }

    private void add(Tool tool) {
        tools.put(tool.name(), tool);
    }

    private Tool toggle() {
        return new Tool(
                "toggle_tool",
                "Toggle a tool",
                "Adds a tool named greet, or takes it away again, and tells every client that the list of tools changed.",
                false,
                Schema.of(),
                (arguments, call) -> {
                    Tool greet = greet();
                    boolean gone = tools.remove(greet.name()) != null;
                    if (!gone) {
                        add(greet);
                    }
                    long told = audience.tell("notifications/tools/list_changed");
                    return Tool.saying((gone ? "Removed" : "Added") + " greet; clients told: " + told + ".");
                });
    }

    private static Tool greet() {
        return new Tool(
                "greet",
                "Greet",
                "Greets somebody. It is only here at times.",
                true,
                Schema.of().needs("name", "Whom."),
                (arguments, call) -> Tool.saying("Good day, " + arguments.text("name", 100) + "."));
    }

    JsonObject list() {
        JsonArray listed = new JsonArray();
        tools.values().forEach(tool -> listed.add(tool.listed()));
        return new JsonObject().put("tools", listed);
    }

    Future<JsonObject> call(JsonObject params, Call call) {
        Tool tool = tools.get(params.getString("name"));
        if (tool == null) {
            throw Rpc.refusal(Rpc.INVALID_PARAMS, "there is no tool of this name");
        }
        call.log(LogLevel.DEBUG, "called " + tool.name());
        return tool.call(params.getJsonObject("arguments", new JsonObject()), call);
    }
}
