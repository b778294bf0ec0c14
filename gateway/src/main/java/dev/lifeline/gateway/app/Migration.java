package dev.lifeline.gateway.app;

import dev.lifeline.gateway.mcp.GuestBook;
import dev.lifeline.gateway.migration.Census;
import dev.lifeline.gateway.migration.Entry;
import dev.lifeline.gateway.migration.Guest;
import dev.lifeline.gateway.migration.Guest.Transport;
import dev.lifeline.gateway.migration.LegacyUse;
import dev.lifeline.gateway.migration.MigrationRoute;
import dev.lifeline.gateway.migration.Tally;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Passes on what the doors see of their guests to those who count them. */
record Migration(Census census, Tally tally, LegacyUse use) implements GuestBook {

    /** What is remembered of all nodes' guests together. */
    static final Census.Bounds BOUNDS = new Census.Bounds(1000, Duration.ofDays(30));

    private static final long FLUSH_MILLIS = 5_000;

    static Migration of(Vertx vertx, Census census, MeterRegistry registry) {
        Tally tally = new Tally(census, BOUNDS.most());
        vertx.setPeriodic(FLUSH_MILLIS, turn -> tally.flush());
        return new Migration(census, tally, new LegacyUse(registry));
    }

    @Override
    public void met(Line line) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        boolean unnamed = line.client().isEmpty();
        Guest guest = new Guest(
                line.legacy() ? Transport.LEGACY : Transport.STREAMABLE,
                line.principal(),
                unnamed ? Guest.UNNAMED : line.client(),
                line.version());
        tally.note(new Entry(guest, line.revision(), now, now, line.introduced() || unnamed ? 1 : 0));
        if (line.legacy() && line.introduced()) {
            use.introduced(line.client());
        }
    }

    MigrationRoute route(Optional<LocalDate> sunset) {
        return new MigrationRoute(census, tally, sunset);
    }
}
