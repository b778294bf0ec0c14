package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** What can be asked of this server, in either era. */
final class Methods {

    static final String NAME = "lifeline-demo";

    private static final Set<String> KNOWN = Set.of(
            "initialize",
            "ping",
            "logging/setLevel",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "prompts/list",
            "prompts/get",
            "completion/complete");

    /** What there was only as long as there were sessions. */
    private static final Set<String> LEGACY_ONLY = Set.of("initialize", "ping", "logging/setLevel");

    private static final String INSTRUCTIONS =
            "A small server for trying a gateway with. search_docs and read_page know about Lifeline itself.";

    private final Tools tools;
    private final Pages pages;

    Methods(Tools tools, Pages pages) {
        this.tools = tools;
        this.pages = pages;
    }

    static JsonObject self() {
        return new JsonObject().put("name", NAME).put("title", "Lifeline demo").put("version", "1.0.0");
    }

    boolean knows(String method, boolean modern) {
        return modern
                ? "server/discover".equals(method) || KNOWN.contains(method) && !LEGACY_ONLY.contains(method)
                : KNOWN.contains(method);
    }

    /** Carries out a request; what it cannot mean is thrown as an {@link dev.lifeline.gateway.rpc.RpcError}. */
    Future<JsonObject> carryOut(Conversation conversation, String method, JsonObject params, Call call) {
        boolean modern = Revisions.MODERN.equals(conversation.revision());
        if (!knows(method, modern)) {
            throw Rpc.refusal(Rpc.METHOD_NOT_FOUND, "there is no such method");
        }
        return "tools/call".equals(method)
                ? tools.call(params, call)
                : Future.succeededFuture(answer(conversation, method, params, modern));
    }

    private JsonObject answer(Conversation conversation, String method, JsonObject params, boolean modern) {
        return switch (method) {
            case "initialize" -> opened(conversation, params);
            case "server/discover" -> discovered();
            case "logging/setLevel" -> logFrom(conversation, params);
            case "tools/list" -> tools.list();
            case "resources/list" -> pages.list();
            case "resources/templates/list" -> pages.templates();
            case "resources/read" -> pages.read(params, modern);
            case "prompts/list" -> pages.prompts();
            case "prompts/get" -> pages.prompt(params);
            case "completion/complete" -> pages.completions(params);
            default -> new JsonObject();
        };
    }

    private JsonObject opened(Conversation conversation, JsonObject params) {
        String agreed = Revisions.agreed(params.getString("protocolVersion"));
        conversation.opened(params.getJsonObject("capabilities", new JsonObject()), agreed);
        return new JsonObject()
                .put("protocolVersion", agreed)
                .put("capabilities", capabilities(true))
                .put("serverInfo", self())
                .put("instructions", INSTRUCTIONS);
    }

    private static JsonObject discovered() {
        return new JsonObject()
                .put("supportedVersions", Revisions.all())
                .put("capabilities", capabilities(false))
                .put("instructions", INSTRUCTIONS);
    }

    /** Changes are told on a standing stream, which only a session has. */
    private static JsonObject capabilities(boolean session) {
        JsonObject lists = session ? new JsonObject().put("listChanged", true) : new JsonObject();
        JsonObject capabilities = new JsonObject()
                .put("tools", lists)
                .put("resources", lists.copy())
                .put("prompts", new JsonObject())
                .put("completions", new JsonObject());
        return session ? capabilities.put("logging", new JsonObject()) : capabilities;
    }

    private static JsonObject logFrom(Conversation conversation, JsonObject params) {
        conversation.logFrom(LogLevel.of(params.getString("level"))
                .orElseThrow(() -> Rpc.refusal(Rpc.INVALID_PARAMS, "there is no such level")));
        return new JsonObject();
    }
}
