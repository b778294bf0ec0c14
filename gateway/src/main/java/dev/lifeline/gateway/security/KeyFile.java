package dev.lifeline.gateway.security;

import dev.lifeline.gateway.security.KeyAuthenticator.KnownKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the keys people may come with, once, before a port opens:
 *
 * <pre>
 * - name: billing
 *   key_sha256: "9f86d0…"          # or  key: "the key itself"
 *   publish: ["orders.*"]
 *   subscribe: ["*"]
 *   admin: false
 * </pre>
 *
 * <p>A mistake is an {@link IllegalArgumentException} that names the entry by its place, never by what is in it.
 */
public final class KeyFile {

    private static final Set<String> WORDS = Set.of("name", "key", "key_sha256", "publish", "subscribe", "admin");

    private static final int SHA256_BYTES = 32;

    private KeyFile() {}

    public static KeyAuthenticator read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    public static KeyAuthenticator parse(String yaml) {
        List<KnownKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Object entry : entries(yaml)) {
            String place = "key " + (keys.size() + 1);
            KnownKey key = known(place, entry);
            check(seen.add(HexFormat.of().formatHex(key.digest())), place, "is the same as an earlier one");
            keys.add(key);
        }
        return new KeyAuthenticator(keys);
    }

    private static List<?> entries(String yaml) {
        try {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            check(root instanceof List<?> list && !list.isEmpty(), "a key file", "is a list of at least one key");
            return (List<?>) root;
        } catch (YAMLException withALineOfTheFileInIt) {
            // Its message quotes the file, and the file holds keys: neither it nor its cause may travel on.
            throw new IllegalArgumentException("the key file is not YAML");
        }
    }

    private static KnownKey known(String place, Object entry) {
        check(entry instanceof Map<?, ?>, place, "is not a map");
        Map<?, ?> fields = (Map<?, ?>) entry;
        check(
                WORDS.containsAll(fields.keySet()),
                place,
                "has a word other than " + WORDS.stream().sorted().toList());
        try {
            Grant grant = Grant.of(texts(place, fields, "publish"), texts(place, fields, "subscribe"));
            Object admin = fields.containsKey("admin") ? fields.get("admin") : Boolean.FALSE;
            check(admin instanceof Boolean, place, "has an 'admin' that is neither true nor false");
            String name = text(place, fields, "name").orElse("");
            return new KnownKey(digest(place, fields), Principal.named(name, grant, (Boolean) admin, Optional.empty()));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(prefixed(place, wrong.getMessage()));
        }
    }

    private static byte[] digest(String place, Map<?, ?> fields) {
        Optional<String> key = text(place, fields, "key");
        Optional<String> digest = text(place, fields, "key_sha256");
        check(key.isPresent() != digest.isPresent(), place, "needs either 'key' or 'key_sha256'");
        return key.map(KeyAuthenticator::digest).orElseGet(() -> unhex(place, digest.orElseThrow()));
    }

    private static byte[] unhex(String place, String hex) {
        boolean right = hex.length() == 2 * SHA256_BYTES && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        check(right, place, "has a 'key_sha256' that is not 64 hexadecimal digits");
        return HexFormat.of().parseHex(hex);
    }

    // Digits without quotes are a number in YAML, and 0123 is not 0123 any more.
    private static Optional<String> text(String place, Map<?, ?> fields, String word) {
        Object value = fields.get(word);
        check(value == null || value instanceof String, place, "has a '" + word + "' that is no text: quote it");
        Optional<String> text = Optional.ofNullable((String) value);
        check(text.filter(String::isBlank).isEmpty(), place, "has an empty '" + word + "'");
        return text;
    }

    private static List<String> texts(String place, Map<?, ?> fields, String word) {
        Object value = fields.containsKey(word) ? fields.get(word) : List.of();
        boolean right = value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        check(right, place, "has a '" + word + "' that is no list of texts");
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }

    private static void check(boolean right, String place, String wrong) {
        if (!right) {
            throw new IllegalArgumentException(place + " " + wrong);
        }
    }

    private static String prefixed(String place, String message) {
        return message.startsWith(place) ? message : place + ": " + message;
    }
}
