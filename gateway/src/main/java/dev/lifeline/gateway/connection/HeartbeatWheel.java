package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Frames;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's clock for its connections: a ring of slots, one turned over each tick, so that ten thousand quiet
 * links cost one timer and, each interval, one look and one write apiece.
 *
 * <p>Looks are lazy. A connection that was written to meanwhile is put on to when its heartbeat is due now, so a sent
 * event counts as a heartbeat and costs the wheel nothing. Owned by its event loop.
 *
 * <p>An event for everybody makes everybody quiet from the same moment on. So the first heartbeat after a write comes at
 * random in the last quarter of the interval, and only those after it a whole interval apart.
 */
final class HeartbeatWheel {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatWheel.class);
    private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(1);
    private static final int TICKS_PER_INTERVAL = 30;
    private static final double EARLIEST = 0.75;

    /** Longer times, of credentials for instance, would not fit as nanoseconds; nothing lives so long. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** Later than this is late: the promise to operators is the interval, give or take a second. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final GatewayMetrics metrics;
    private final long tickNanos;
    private final int interval;
    private final int earliest;
    private final List<List<Connection>> slots = new ArrayList<>();
    private final long startedAt = System.nanoTime();
    private final Instant born = Instant.now();
    private final ScheduledFuture<?> timer;
    private final Map<Dialect, Frames> beats = new IdentityHashMap<>();

    private long now;
    private int written;

    HeartbeatWheel(EventLoop loop, Duration heartbeatInterval, GatewayMetrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
        this.tickNanos = Math.min(LONGEST_TICK, heartbeatInterval.toNanos() / TICKS_PER_INTERVAL);
        this.interval = ticks(heartbeatInterval);
        this.earliest = (int) Math.ceil(interval * EARLIEST);
        for (int i = 0; i <= interval; i++) {
            slots.add(new ArrayList<>());
        }
        this.timer = loop.scheduleAtFixedRate(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }

    /** The time in ticks since this wheel began to turn: exact enough for everything that waits for seconds. */
    long now() {
        return now;
    }

    /** As whole ticks, rounded down; one at least, and at most what an int holds. */
    int ticks(Duration duration) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, bounded(duration).toNanos() / tickNanos));
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(FOREVER) < 0 ? duration : FOREVER;
    }

    Duration duration(long ticks) {
        return Duration.ofNanos(ticks * tickNanos);
    }

    /** When a tick was. */
    Instant instant(long tick) {
        return born.plusNanos(tick * tickNanos);
    }

    int interval() {
        return interval;
    }

    /** For how many ticks a link must have been silent to get a heartbeat. */
    int earliest() {
        return earliest;
    }

    /** A time for the first heartbeat after a write, so that links written to together do not beat together. */
    int draw() {
        return earliest + ThreadLocalRandom.current().nextInt(interval - earliest + 1);
    }

    void add(Connection connection) {
        place(connection, draw());
    }

    void remove(Connection connection) {
        List<Connection> slot = slots.get(connection.slot());
        Connection last = slot.remove(slot.size() - 1);
        if (last != connection) {
            slot.set(connection.place(), last);
            last.place(connection.slot(), connection.place());
        }
    }

    private void place(Connection connection, long ticksFromNow) {
        int slot = (int) ((now + Math.max(1, Math.min(interval, ticksFromNow))) % slots.size());
        connection.place(slot, slots.get(slot).size());
        slots.get(slot).add(connection);
    }

    private void tick() {
        now++;
        written = 0;
        List<Connection> slot = slots.get((int) (now % slots.size()));
        // Backwards: a connection that ends in its turn is replaced by one that had its turn, or by none.
        for (int i = slot.size() - 1; i >= 0; i--) {
            if (i < slot.size()) {
                turn(slot.get(i));
            }
        }
        beats.values().forEach(Frames::release);
        beats.clear();
        if (written > 0) {
            boolean late = System.nanoTime() - startedAt - now * tickNanos > LATE;
            metrics.heartbeats(written, late ? written : 0);
        }
    }

    private void turn(Connection connection) {
        try {
            long next = connection.turn();
            if (connection.isOpen()) {
                remove(connection);
                place(connection, next);
            }
        } catch (RuntimeException defect) {
            // One connection's; the timer would end with it, and every other link would fall silent.
            LOG.error("a connection failed in its turn", defect);
            connection.broken();
        }
    }

    /** The heartbeat of this tick, made once for all who share the dialect. */
    Frames beat(Dialect dialect) {
        written++;
        return beats.computeIfAbsent(dialect.kin(), same -> Frames.aside(same.heartbeat(Instant.now())));
    }

    void forEach(Consumer<Connection> action) {
        List<Connection> all = new ArrayList<>();
        slots.forEach(all::addAll);
        all.forEach(action);
    }

    void stop() {
        loop.execute(() -> timer.cancel(false));
    }
}
