package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The memory store keeps the contract, with a clock that stands still until told otherwise; and what is its own. */
class SessionStoreInMemoryTest extends SessionStoreContract {

    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private final InstantSource clock = () -> now;

    @Override
    MemorySessions open(int most) {
        return new MemorySessions(most, clock);
    }

    @Override
    void afterShort() {
        now = now.plus(SHORT);
    }

    @Override
    void sweep() {
        ((MemorySessions) store).sweep();
        now = now.plusSeconds(1);
    }

    @Test
    void aFullStoreLooksForTheDeadButNotForEachRefusal() {
        AtomicInteger looks = new AtomicInteger();
        MemorySessions small = new MemorySessions(1, () -> {
            looks.incrementAndGet();
            return now;
        });
        get(small.create(session("a"), SHORT));
        now = now.plusSeconds(2);
        get(small.create(session("b"), LONG));

        looks.set(0);
        IntStream.range(0, 100).forEach(i -> small.create(session("c" + i), LONG));

        assertThat(looks.get())
                .as("one look at the clock for each, and no sweep")
                .isEqualTo(100);
    }

    @Test
    void losesNothingToASweepThatRunsAlongside() throws Exception {
        MemorySessions all = new MemorySessions(MOST, InstantSource.system());
        Thread sweeper = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                all.sweep();
            }
        });
        sweeper.start();
        for (int i = 0; i < 5_000; i++) {
            get(all.create(session("s" + i), LONG));
            get(all.accept("s" + i, List.of(exchange("x", "n")), LONG));
            assertThat(get(all.open("s" + i))).hasSize(1);
            assertThat(get(all.remove("s" + i))).isTrue();
        }
        sweeper.interrupt();
        sweeper.join();

        assertThat(get(all.ids(null)).ids()).isEmpty();
        assertThat(get(all.from("alice", "192.0.2.1"))).isEmpty();
    }
}
