package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The memory log keeps the contract, with a clock that stands still until told otherwise; and what is its own. */
class MemoryLogTest extends LogContract {

    private static final Duration AGE = Duration.ofMinutes(5);
    private static final Duration POSITION = Duration.ofHours(1);

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final InstantSource clock = () -> now;

    @Override
    MemoryLog open(Retention retention) {
        return new MemoryLog(retention, 100, HERE, clock);
    }

    @Override
    void after(Duration time, ThrowingCallable fact) {
        now = now.plus(time).plusMillis(1);
        try {
            fact.call();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private MemoryLog quietLog() {
        return open(new Retention(10, 1000, AGE, POSITION, AGE));
    }

    private static Cursor append(Log log, String data) {
        return get(log.append(new Append("s", events(data), null, null))).first();
    }

    @Test
    void remembersThePositionOfAQuietStreamForItsTime() {
        MemoryLog log = quietLog();
        Cursor a = append(log, "a");

        now = now.plus(POSITION);
        log.sweep();

        assertThat(get(log.read("s", a, 10))).isEqualTo(new Page(null, a, java.util.List.of(), a));
    }

    @Test
    void forgetsAQuietStreamAndNeverGivesItsEpochAgain() {
        MemoryLog log = quietLog();
        Cursor a = append(log, "a");

        now = now.plus(POSITION).plusMillis(1);
        log.sweep();
        now = now.minus(POSITION);
        Page page = get(log.read("s", a, 10));

        assertThat(page.gap().reason()).isEqualTo(Gap.Reason.EPOCH);
        assertThat(page.tail().epoch()).isGreaterThan(a.epoch());
    }

    @Test
    void doesNotForgetAStreamThatHasReaders() {
        MemoryLog log = quietLog();
        Cursor tail = get(log.attach("s", null));

        now = now.plus(POSITION).plusMillis(1);
        log.sweep();

        assertThat(get(log.attach("s", null))).isEqualTo(tail);
    }

    @Test
    void refusesStreamsBeyondItsBoundAndTakesThemWhenOthersAreForgotten() {
        MemoryLog log = new MemoryLog(new Retention(10, 1000, AGE, POSITION, AGE), 1, HERE, clock);
        append(log, "a");

        assertFails(log.attach("another", null), LogUnavailable.class, "no room for another stream");
        now = now.plus(POSITION).plusMillis(1);
        log.sweep();

        assertThat(get(log.attach("another", null)).sequence()).isZero();
    }

    @Test
    void isAvailableAlways() {
        assertThat(quietLog().available()).isTrue();
    }

    @Test
    void losesNothingToASweepThatRunsAlongside() throws Exception {
        MemoryLog log = open(new Retention(100_000, 1000_000_000, AGE, Duration.ofMillis(-1), AGE));
        Thread sweeper = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                log.sweep();
            }
        });
        sweeper.start();

        for (int i = 0; i < 20_000; i++) {
            append(log, "e" + i);
        }
        sweeper.interrupt();
        sweeper.join();

        assertThat(get(log.read("s", null, 20_000)).events()).hasSize(20_000);
    }
}
