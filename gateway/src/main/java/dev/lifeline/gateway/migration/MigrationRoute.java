package dev.lifeline.gateway.migration;

import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.migration.Guest.Transport;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /api/migration}: who uses which transport, and what to do about those who use the legacy one. */
public final class MigrationRoute implements Handler<RoutingContext> {

    private static final double PRECISION = 1e4;

    /** Those there is something to do about come first. */
    private static final Comparator<Entry> ORDER = Comparator.<Entry, Transport>comparing(
                    entry -> entry.guest().transport())
            .thenComparing(Comparator.comparing(Entry::lastSeen).reversed());

    private final Census census;
    private final Tally tally;
    private final Optional<LocalDate> sunset;

    public MigrationRoute(Census census, Tally tally, Optional<LocalDate> sunset) {
        this.census = census;
        this.tally = tally;
        this.sunset = sunset;
    }

    @Override
    public void handle(RoutingContext context) {
        tally.flush()
                .compose(told -> census.entries())
                .onSuccess(entries -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(describe(entries).toBuffer()))
                .onFailure(failure ->
                        context.fail(failure instanceof LogUnavailable ? Problem.logUnavailable(false) : failure));
    }

    private JsonObject describe(List<Entry> entries) {
        Advisor advisor = new Advisor(entries);
        JsonArray clients = new JsonArray();
        entries.stream()
                .sorted(ORDER)
                .map(entry -> describe(entry, advisor.on(entry)))
                .forEach(clients::add);
        return new JsonObject()
                .put("clients", clients)
                .put("sunset", sunset.map(LocalDate::toString).orElse(null))
                .put("legacy_share", legacyShare(entries));
    }

    private static JsonObject describe(Entry entry, Advice advice) {
        Guest guest = entry.guest();
        return new JsonObject()
                .put("client", guest.client())
                .put("version", guest.version())
                .put("principal", guest.principal())
                .put("transport", guest.transport().name().toLowerCase(Locale.ROOT))
                .put("revision", entry.revision())
                .put("first_seen", entry.firstSeen().toString())
                .put("last_seen", entry.lastSeen().toString())
                .put("count", entry.count())
                .put("advice", advice.verdict().label())
                .put("why", advice.why());
    }

    /** Of all that was counted; null where nothing was. */
    private static Double legacyShare(List<Entry> entries) {
        long all = entries.stream().mapToLong(Entry::count).sum();
        long legacy = entries.stream()
                .filter(entry -> entry.guest().transport() == Transport.LEGACY)
                .mapToLong(Entry::count)
                .sum();
        return all == 0 ? null : Math.round(PRECISION * legacy / all) / PRECISION;
    }
}
