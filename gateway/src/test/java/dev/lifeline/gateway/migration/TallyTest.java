package dev.lifeline.gateway.migration;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one node saw reaches the census in batches, within bounds. */
class TallyTest {

    private final Instant now = Instant.now();
    private final AtomicInteger batches = new AtomicInteger();
    private final MemoryCensus memory =
            new MemoryCensus(new Census.Bounds(100, Duration.ofDays(1)), InstantSource.system());
    private final Census counting = new Census() {
        @Override
        public Future<Void> add(Collection<Entry> seen) {
            batches.incrementAndGet();
            return memory.add(seen);
        }

        @Override
        public Future<List<Entry>> entries() {
            return memory.entries();
        }
    };

    private Entry seen(String client) {
        return new Entry(CensusContract.guest(client), "", now, now, 1);
    }

    @Test
    void manySightingsAreOneBatch() {
        Tally tally = new Tally(counting, 10);
        IntStream.range(0, 1000).parallel().forEach(i -> tally.note(seen("c" + i % 4)));
        assertThat(batches).hasValue(0);

        get(tally.flush());
        get(tally.flush());

        assertThat(batches).hasValue(1);
        assertThat(get(memory.entries())).hasSize(4).allMatch(entry -> entry.count() == 250);
    }

    @Test
    void thoseForWhomThereIsNoRoomAreCountedTogether() {
        Tally tally = new Tally(counting, 3);
        for (int i = 0; i < 10; i++) {
            tally.note(seen("c" + i));
        }
        tally.note(seen("c0"));

        get(tally.flush());

        assertThat(get(memory.entries()))
                .hasSize(4)
                .anySatisfy(entry -> {
                    assertThat(entry.guest().client()).isEqualTo(Guest.OTHERS);
                    assertThat(entry.count()).isEqualTo(7);
                })
                .anySatisfy(entry -> assertThat(entry.count()).isEqualTo(2));
    }
}
