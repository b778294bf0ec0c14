package dev.lifeline.gateway.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A page of documentation in Markdown.
 *
 * @param name what stands in its URI
 * @param title its first heading
 */
record Page(String name, String title, String text) {

    static final String URI_PREFIX = "docs://lifeline/";
    static final String MEDIA_TYPE = "text/markdown";

    /** One with a heading in it or, failing that, with its name for one. */
    static Page of(String name, String text) {
        String title = text.lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2).strip())
                .findFirst()
                .orElse(name);
        return new Page(name, title, text);
    }

    /** One of those that come with the program. */
    static Page load(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/demo/" + name + ".md")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its page " + name);
            }
            return of(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return URI_PREFIX + name;
    }
}
