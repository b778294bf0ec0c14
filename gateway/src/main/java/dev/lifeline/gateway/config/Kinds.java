package dev.lifeline.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The kinds of value that belong to networks and files, made of the plain ones in {@link Kind}. */
final class Kinds {

    static final Kind<Integer> PORT = Kind.count("", 0, 65_535);

    static final Kind<String> HOST = Kind.text(
                    "HOST",
                    "a host name or an address, without port",
                    "[\\w.-]+|\\[?[\\da-fA-F.]*:[\\da-fA-F.]*:[\\da-fA-F:.]*(%\\w+)?]?")
            .as(host -> host.replaceAll("[\\[\\]]", ""));

    static final Kind<String> NAME = Kind.text("NAME", "a name of letters, digits, '.', '_' or '-'", "[\\w.-]{1,64}");

    /** Free text, as issuers and audiences are. */
    static final Kind<String> TEXT = Kind.text("TEXT", "a text without control characters", "\\P{Cntrl}+");

    static final Kind<Path> FILE = new Kind<>(
            "FILE", "the path of a readable file", "", false, text -> path(text).filter(Kinds::canBeRead));

    static final Kind<URI> WEB_ADDRESS =
            new Kind<>("URL", "an https:// address, or http:// on this machine", "", false, Kinds::webAddress);

    static final Kind<RedisUrl> REDIS =
            new Kind<>("URL", "a redis:// or rediss:// URL", "redis://:password@host:6379/0", false, RedisUrl::parse);

    static final Kind<Secret> TOKEN = Kind.text("TOKEN", "at least 16 visible ASCII characters", "[\\x21-\\x7e]{16,}")
            .as(Secret::new);

    static final Kind<String> ORIGIN = Kind.text(
                    "ORIGIN", "a scheme and a host with or without port, or *", "\\*|[A-Za-z][\\w+.-]*://[^/?#@\\s,]+")
            .like("https://app.example.org")
            .as(Kinds::lowerCase);

    static final Kind<String> HOST_HEADER = Kind.text(
                    "HOST", "a host with or without port", "([\\w.-]+|\\[[\\w.:]+])(:\\d{1,5})?")
            .like("app.example.org or app.example.org:8443")
            .as(Kinds::lowerCase);

    private Kinds() {}

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text)).filter(path -> !text.isEmpty());
        } catch (InvalidPathException notForThisSystem) {
            return Optional.empty();
        }
    }

    private static boolean canBeRead(Path path) {
        return Files.isRegularFile(path) && Files.isReadable(path);
    }

    /** Keys fetched in the clear could be anybody's; on the loopback there is nobody in between. */
    private static Optional<URI> webAddress(String text) {
        return uri(text)
                .filter(uri -> uri.getHost() != null)
                .filter(uri -> "https".equals(uri.getScheme())
                        || "http".equals(uri.getScheme()) && Loopback.names(uri.getHost()));
    }

    static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException notAUri) {
            return Optional.empty();
        }
    }

    /** Browsers send hosts and origins in lower case; people do not always write them so. */
    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
