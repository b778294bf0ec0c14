package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The pages in the words of the protocol: as resources, in a prompt, and as what an argument could be completed to. */
final class Pages {

    private static final int LEGACY_NOT_FOUND = -32002;
    private static final int MOST_COMPLETIONS = 100;
    private static final String PROMPT = "explain";

    private final Library library;

    Pages(Library library) {
        this.library = library;
    }

    JsonObject list() {
        JsonArray resources = new JsonArray();
        library.all()
                .forEach(page -> resources.add(new JsonObject()
                        .put("uri", page.uri())
                        .put("name", page.name())
                        .put("title", page.title())
                        .put("mimeType", Page.MEDIA_TYPE)));
        return new JsonObject().put("resources", resources);
    }

    JsonObject templates() {
        JsonObject template = new JsonObject()
                .put("uriTemplate", Page.URI_PREFIX + "{name}")
                .put("name", "page")
                .put("title", "A page of the documentation")
                .put("mimeType", Page.MEDIA_TYPE);
        return new JsonObject().put("resourceTemplates", new JsonArray().add(template));
    }

    /** Which code says that there is no such page has changed with the modern revision. */
    JsonObject read(JsonObject params, boolean modern) {
        String uri = String.valueOf(params.getString("uri"));
        Page page = Optional.of(uri)
                .filter(text -> text.startsWith(Page.URI_PREFIX))
                .flatMap(library::find)
                .orElseThrow(() -> new RpcError(
                        modern ? Rpc.INVALID_PARAMS : LEGACY_NOT_FOUND, "there is no such resource", null));
        return new JsonObject().put("contents", new JsonArray().add(contents(page)));
    }

    private static JsonObject contents(Page page) {
        return new JsonObject()
                .put("uri", page.uri())
                .put("mimeType", Page.MEDIA_TYPE)
                .put("text", page.text());
    }

    JsonObject prompts() {
        JsonObject argument = new JsonObject()
                .put("name", "page")
                .put("description", "Name of the page.")
                .put("required", true);
        JsonObject prompt = new JsonObject()
                .put("name", PROMPT)
                .put("title", "Explain a page")
                .put("description", "Has a page of the documentation explained to somebody new to it.")
                .put("arguments", new JsonArray().add(argument));
        return new JsonObject().put("prompts", new JsonArray().add(prompt));
    }

    JsonObject prompt(JsonObject params) {
        if (!PROMPT.equals(params.getString("name"))) {
            throw Rpc.refusal(Rpc.INVALID_PARAMS, "there is no prompt of this name");
        }
        String name = String.valueOf(
                params.getJsonObject("arguments", new JsonObject()).getString("page"));
        Page page = library.find(name)
                .orElseThrow(() -> Rpc.refusal(Rpc.INVALID_PARAMS, "the argument page must be the name of a page"));
        JsonArray messages = new JsonArray()
                .add(said(new JsonObject()
                        .put("type", "text")
                        .put("text", "Explain this page to somebody who reads of it for the first time.")))
                .add(said(new JsonObject().put("type", "resource").put("resource", contents(page))));
        return new JsonObject().put("description", page.title()).put("messages", messages);
    }

    private static JsonObject said(JsonObject content) {
        return new JsonObject().put("role", "user").put("content", content);
    }

    /** Whatever is being completed, it is the name of a page. */
    JsonObject completions(JsonObject params) {
        String begun = String.valueOf(
                params.getJsonObject("argument", new JsonObject()).getString("value", ""));
        List<String> names = library.all().stream()
                .map(Page::name)
                .filter(name -> name.startsWith(begun))
                .toList();
        List<String> told = names.subList(0, Math.min(names.size(), MOST_COMPLETIONS));
        JsonObject completion = new JsonObject()
                .put("values", new JsonArray(told))
                .put("total", names.size())
                .put("hasMore", told.size() < names.size());
        return new JsonObject().put("completion", completion);
    }
}
