package dev.lifeline.gateway.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands behind a command that speaks to a gateway: flags with and without values, a URL, and the rest.
 *
 * @param headers what proves who is asking
 */
record CommandLine(
        URI url, Map<String, String> headers, Map<String, String> values, Set<String> flags, List<String> rest) {

    /** Said to the user as it is. */
    static final class Misuse extends RuntimeException {

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads the words of a command line.
     *
     * @param valued flags that take a value, besides those for headers
     * @param plain flags that take none
     */
    static CommandLine of(List<String> words, Set<String> valued, Set<String> plain) {
        Map<String, String> headers = new LinkedHashMap<>();
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> flags = new LinkedHashSet<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int sign = word.startsWith("--") ? word.indexOf('=') : -1;
            String flag = sign < 0 ? word : word.substring(0, sign);
            boolean takes = valued.contains(flag) || flag.equals("--token") || flag.equals("--header");
            if (word.equals("--")) {
                rest.addAll(words.subList(i + 1, words.size()));
                break;
            } else if (takes) {
                String value = sign >= 0 ? word.substring(sign + 1) : next(words, ++i, flag);
                take(flag, value, headers, values);
            } else if (plain.contains(word)) {
                flags.add(word);
            } else if (word.startsWith("--")) {
                throw new Misuse("There is no option " + flag + " here.");
            } else {
                rest.add(word);
            }
        }
        if (rest.isEmpty()) {
            throw new Misuse("A URL is missing.");
        }
        return new CommandLine(url(rest.remove(0)), headers, values, flags, rest);
    }

    private static String next(List<String> words, int at, String flag) {
        if (at == words.size()) {
            throw new Misuse(flag + " needs a value.");
        }
        return words.get(at);
    }

    private static void take(String flag, String value, Map<String, String> headers, Map<String, String> values) {
        if (flag.equals("--token")) {
            headers.put("Authorization", "Bearer " + value);
        } else if (flag.equals("--header")) {
            int colon = value.indexOf(':');
            if (colon < 1) {
                throw new Misuse("A header is written as 'Name: value'.");
            }
            headers.put(
                    value.substring(0, colon).strip(),
                    value.substring(colon + 1).strip());
        } else {
            values.put(flag, value);
        }
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (URISyntaxException noUrl) {
            throw new Misuse("This is no URL: " + text);
        }
        throw new Misuse("A URL begins with http:// or https:// and a host: " + text);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    Optional<String> value(String flag) {
        return Optional.ofNullable(values.get(flag));
    }
}
