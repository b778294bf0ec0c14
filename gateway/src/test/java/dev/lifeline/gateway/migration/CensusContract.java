package dev.lifeline.gateway.migration;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.migration.Guest.Transport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of a {@link Census}, which each keeps. */
abstract class CensusContract {

    static final Census.Bounds BOUNDS = new Census.Bounds(5, Duration.ofDays(30));

    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Census census;

    abstract Census open();

    @BeforeEach
    void openOne() {
        census = open();
    }

    static Guest guest(String client) {
        return new Guest(Transport.LEGACY, "alice", client, "1.0");
    }

    final Entry seen(Guest guest, String revision, Instant at, long count) {
        return new Entry(guest, revision, at, at, count);
    }

    @Test
    void keepsWhatItWasGiven() {
        Entry odd = seen(
                new Guest(Transport.STREAMABLE, "", "ä \"'{}[]:\\ \u0000\ud83d\ude00", "\n"),
                "",
                now.minusMillis(1),
                123_456_789_012L);
        Entry plain = seen(guest("a"), "2025-11-25", now, 1);

        get(census.add(List.of(odd, plain)));

        assertThat(get(census.entries())).containsExactly(plain, odd);
    }

    @Test
    void whatIsSeenAgainIsAddedUp() {
        get(census.add(List.of(seen(guest("a"), "2025-06-18", now.minusSeconds(5), 2))));
        get(census.add(List.of(seen(guest("a"), "2024-11-05", now, 3))));
        get(census.add(List.of(seen(guest("a"), "", now.minusSeconds(9), 0))));

        assertThat(get(census.entries()))
                .containsExactly(new Entry(guest("a"), "2025-06-18", now.minusSeconds(9), now, 5));
    }

    @Test
    void guestsDifferInAnyPart() {
        List<Entry> all = new ArrayList<>();
        all.add(seen(guest("a"), "", now, 1));
        all.add(seen(new Guest(Transport.STREAMABLE, "alice", "a", "1.0"), "", now, 1));
        all.add(seen(new Guest(Transport.LEGACY, "bob", "a", "1.0"), "", now, 1));
        all.add(seen(new Guest(Transport.LEGACY, "alice", "a", "1.1"), "", now, 1));
        all.add(seen(new Guest(Transport.LEGACY, "alice", "", "a1.0"), "", now, 1));

        get(census.add(all));

        assertThat(get(census.entries())).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void thoseNotSeenForLongestGoWhenThereAreTooMany() {
        for (int i = 0; i < 7; i++) {
            get(census.add(List.of(seen(guest("c" + i), "", now.minusSeconds(100 - i), 1))));
        }
        get(census.add(List.of(seen(guest("c2"), "", now, 1))));
        get(census.add(List.of(seen(guest("c8"), "", now.minusSeconds(1), 1))));

        assertThat(get(census.entries()))
                .extracting(entry -> entry.guest().client())
                .containsExactly("c2", "c8", "c6", "c5", "c4");
    }

    @Test
    void whoWasNotSeenForLongIsForgotten() {
        Instant longAgo = now.minus(BOUNDS.kept()).minusSeconds(1);
        get(census.add(List.of(seen(guest("old"), "", longAgo, 1), seen(guest("new"), "", now, 1))));

        assertThat(get(census.entries()))
                .extracting(entry -> entry.guest().client())
                .containsExactly("new");
    }

    @Test
    void nobodyIsNobody() {
        get(census.add(List.of()));

        assertThat(get(census.entries())).isEmpty();
    }
}
