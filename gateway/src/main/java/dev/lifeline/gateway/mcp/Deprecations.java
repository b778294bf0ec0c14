package dev.lifeline.gateway.mcp;

import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the users of the legacy door that it is going away: clients in headers, operators in the log. For every thread. */
public final class Deprecations implements GuestBook {

    private static final Logger LOG = LoggerFactory.getLogger(Deprecations.class);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** The revision that replaced it is called after this day. */
    private static final Instant SINCE = Instant.parse("2025-03-26T00:00:00Z");

    /** So many names are remembered. */
    private static final int NAMES = 512;

    private final McpSettings.Deprecation settings;

    // Guarded by itself.
    private final Map<String, Instant> warned = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > NAMES;
        }
    };

    public Deprecations(McpSettings.Deprecation settings) {
        this.settings = settings;
    }

    /** RFC 9745 and RFC 8594, and where to go instead. */
    void mark(HttpServerResponse response, Door door) {
        if (!settings.told()) {
            return;
        }
        response.putHeader("Deprecation", "@" + SINCE.getEpochSecond());
        settings.sunset().ifPresent(end -> response.putHeader("Sunset", HTTP_DATE.format(end)));
        String successor = settings.successor().orElse(door.successor());
        response.putHeader("Link", "<" + successor + ">; rel=\"successor-version\"");
    }

    /** Whoever introduces himself at the legacy door: the log hears of each name now and then. */
    @Override
    public void met(Line line) {
        if (line.legacy() && line.introduced()) {
            met(line.client());
        }
    }

    private void met(String name) {
        if (isDue(name, Instant.now())) {
            LOG.atWarn().addKeyValue("client", name).log("a client uses the deprecated HTTP+SSE transport");
        }
    }

    boolean isDue(String name, Instant now) {
        if (settings.warnEvery().isZero()) {
            return false;
        }
        synchronized (warned) {
            Instant last = warned.get(name);
            if (last != null && now.isBefore(last.plus(settings.warnEvery()))) {
                return false;
            }
            warned.remove(name);
            warned.put(name, now);
            return true;
        }
    }
}
