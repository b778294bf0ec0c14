package dev.lifeline.gateway.demo;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages there are: those that come with the program, and the last ones that were published. */
final class Library {

    static final int MOST_PUBLISHED = 100;

    private static final List<String> OURS = List.of(
            "what-it-is",
            "getting-started",
            "resume",
            "legacy-and-streamable",
            "channels",
            "redis-and-cluster",
            "operating",
            "security");

    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final SearchIndex index = new SearchIndex();
    private final Deque<String> published = new ArrayDeque<>();

    /** Reads the pages of the program; takes a moment. */
    static Library load() {
        Library library = new Library();
        OURS.forEach(name -> library.put(Page.load(name)));
        return library;
    }

    Collection<Page> all() {
        return pages.values();
    }

    Optional<Page> find(String nameOrUri) {
        String name = nameOrUri.startsWith(Page.URI_PREFIX) ? nameOrUri.substring(Page.URI_PREFIX.length()) : nameOrUri;
        return Optional.ofNullable(pages.get(name));
    }

    List<SearchIndex.Hit> search(String query, int most) {
        return index.search(query, most);
    }

    /** Adds a page, at the cost of the oldest published one; false for the name of a page of ours. */
    boolean publish(Page page) {
        if (OURS.contains(page.name())) {
            return false;
        }
        published.remove(page.name());
        published.add(page.name());
        if (published.size() > MOST_PUBLISHED) {
            String oldest = published.remove();
            pages.remove(oldest);
            index.remove(oldest);
        }
        put(page);
        return true;
    }

    private void put(Page page) {
        pages.put(page.name(), page);
        index.add(page);
    }
}
