package dev.lifeline.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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
            "FILE", "the path of a readable file", "", "", text -> path(text).filter(Kinds::canBeRead));

    static final Kind<URI> WEB_ADDRESS =
            new Kind<>("URL", "an https:// address, or http:// on this machine", "", "", Kinds::webAddress);

    static final Kind<RedisUrl> REDIS =
            new Kind<>("URL", "a redis:// or rediss:// URL", "redis://:password@host:6379/0", "", RedisUrl::parse);

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

    /** What stands in paths, between slashes. */
    static final String UPSTREAM_NAME = "[a-z0-9-]{1,32}";

    private static final String NAMED = ", with or without a name of a-z, 0-9 and - before it";

    static final Kind<UpstreamUrl> UPSTREAM = new Kind<>(
            "[NAME=]URL",
            "an http:// or https:// URL without user or fragment" + NAMED,
            "docs=https://docs.example.org/mcp",
            "",
            UpstreamUrl::parse);

    static final Kind<UpstreamUrl> FEED = new Kind<>(
            "NAME=URL",
            "a name of a-z, 0-9 and -, and an http:// or https:// URL without user or fragment",
            "prices=https://prices.example.org/stream",
            "",
            text -> text.matches(UPSTREAM_NAME + "=.*") ? UpstreamUrl.parse(text) : Optional.empty());

    static final Kind<UpstreamCommand> COMMAND = new Kind<>(
            "[NAME=]COMMAND",
            "a command whose quotes are closed" + NAMED,
            "files=npx -y server-filesystem 'my files'",
            "",
            UpstreamCommand::parse);

    static final Kind<UpstreamHeader> UPSTREAM_HEADER = new Kind<>(
            "[NAME:]HEADER: VALUE",
            "a header, a colon, a blank and its value in ASCII, with or without the name of an upstream before it",
            "Authorization: Bearer TOKEN, or docs:X-Api-Key: KEY",
            "",
            UpstreamHeader::parse);

    /** Free text that can stand among others. */
    static final Kind<String> LISTED_TEXT =
            Kind.text("TEXT", "a text without commas and control characters", "[^,\\p{Cntrl}]+");

    static final Kind<String> PATH_PREFIX = Kind.text(
                    "PATH",
                    "a path that begins with / and does not end with it, of letters, digits, '.', '_', '~', '-' or '%'",
                    "(/(?!\\.{1,2}(/|$))[\\w.~%-]+)+")
            .like("/gateway");

    static final Kind<LocalDate> DATE = new Kind<>("DATE", "a date, year first", "2027-06-30", "", Kinds::date);

    static final Kind<URI> LINK =
            new Kind<>("LINK", "an http:// or https:// URL, or a path that begins with /", "", "", Kinds::link);

    private Kinds() {}

    /** The name of an upstream that was given none. */
    static String nameOrDefault(String name) {
        return name == null ? "default" : name;
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }

    /** It goes into a header as it is. */
    private static Optional<URI> link(String text) {
        return uri(text)
                .filter(uri -> uri.toASCIIString().equals(text))
                .filter(uri -> uri.getHost() == null
                        ? uri.getScheme() == null && uri.getRawAuthority() == null && text.startsWith("/")
                        : Set.of("http", "https").contains(String.valueOf(uri.getScheme())));
    }

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
