package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tools over the pages: what a documentation server has, and one to change them. */
final class PageTools {

    private static final int LONGEST_QUERY = 1000;
    private static final int LONGEST_PAGE = 64 << 10;
    private static final int MOST_HITS = 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    private final Library library;
    private final Audience audience;

    PageTools(Library library, Audience audience) {
        this.library = library;
        this.audience = audience;
    }

    List<Tool> all() {
        return List.of(search(), read(), publish());
    }

    private Tool search() {
        return new Tool(
                "search_docs",
                "Search the documentation",
                "Finds pages about Lifeline by their words, the best first, each with the paragraph that fits.",
                true,
                Schema.of()
                        .needs("query", "Some words, for instance: resume after a lost connection.")
                        .count("limit", MOST_HITS, 3, "How many pages at most."),
                (arguments, call) -> found(library.search(
                        arguments.text("query", LONGEST_QUERY), arguments.count("limit", MOST_HITS, 3))));
    }

    private static Future<JsonObject> found(List<SearchIndex.Hit> hits) {
        if (hits.isEmpty()) {
            return Tool.saying("Nothing found. resources/list names all pages.");
        }
        JsonArray content = new JsonArray();
        hits.forEach(hit -> {
            content.add(new JsonObject().put("type", "text").put("text", line(hit)));
        });
        return Future.succeededFuture(new JsonObject().put("content", content));
    }

    private static String line(SearchIndex.Hit hit) {
        return "%s (%s, score %.2f)%n%s"
                .formatted(hit.page().title(), hit.page().name(), hit.score(), hit.excerpt());
    }

    private Tool read() {
        return new Tool(
                "read_page",
                "Read a page",
                "Answers with a page of the documentation as Markdown.",
                true,
                Schema.of().needs("name", "Its name, as search_docs gives it, or its URI."),
                (arguments, call) -> {
                    String name = arguments.text("name", LONGEST_QUERY);
                    Optional<Page> page = library.find(name);
                    return Future.succeededFuture(page.map(each -> Tool.said(each.text()))
                            .orElseGet(() -> Tool.failed("There is no page " + name + "; search_docs finds names.")));
                });
    }

    private Tool publish() {
        return new Tool(
                "publish_page",
                "Publish a page",
                "Adds a page, or replaces one that was added, and tells every client that the list of resources changed.",
                false,
                Schema.of().needs("name", "Its name: a-z, 0-9 and -.").needs("text", "The page as Markdown."),
                (arguments, call) -> Future.succeededFuture(
                        published(arguments.text("name", LONGEST_QUERY), arguments.text("text", LONGEST_PAGE))));
    }

    private JsonObject published(String name, String text) {
        if (!NAME.matcher(name).matches()) {
            throw new BadArgument("name must be 1 to 64 of a-z, 0-9 and -");
        }
        Page page = Page.of(name, text);
        if (!library.publish(page)) {
            return Tool.failed(name + " is a page that came with the program; choose another name.");
        }
        long told = audience.tell("notifications/resources/list_changed");
        return Tool.said("Published " + page.uri() + "; clients told: " + told + ".");
    }
}
