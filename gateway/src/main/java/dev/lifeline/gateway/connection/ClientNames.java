package dev.lifeline.gateway.connection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of what a {@code User-Agent} says a name and a version that may be shown: plain, short, and one object for all
 * who say the same. Owned by an event loop.
 */
public final class ClientNames {

    /** Thousands of links have a few kinds of clients; who varies his words for each is remembered a while and no more. */
    static final int KEPT = 128;

    private static final int LONGEST_HEADER = 512;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]";
    private static final Pattern PRODUCT =
            Pattern.compile("(" + TOKEN + "{1,64})(?:/(" + TOKEN + "{1,32}))?(?=$|[\\s(])");

    /** All browsers call themselves Mozilla, and most of them something more; the first that is found is what it is. */
    private static final List<Pattern> BROWSERS = List.of(
            browser("Edg"),
            browser("OPR"),
            browser("Firefox"),
            browser("HeadlessChrome"),
            browser("Chrome"),
            browser("Safari"));

    private final Map<String, Client> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Client> eldest) {
            return size() > KEPT;
        }
    };

    private static Pattern browser(String name) {
        return Pattern.compile("\\b(" + name + ")/([0-9.]{1,32})");
    }

    /** What the header says, or null where it says nothing that could be shown. */
    public Client of(String userAgent) {
        if (userAgent == null || userAgent.length() > LONGEST_HEADER) {
            return null;
        }
        return known.computeIfAbsent(userAgent, ClientNames::read);
    }

    private static Client read(String header) {
        if (header.startsWith("Mozilla/")) {
            for (Pattern browser : BROWSERS) {
                Matcher found = browser.matcher(header);
                if (found.find()) {
                    return new Client(found.group(1), found.group(2));
                }
            }
        }
        Matcher product = PRODUCT.matcher(header);
        return product.lookingAt() ? new Client(product.group(1), product.group(2)) : null;
    }
}
