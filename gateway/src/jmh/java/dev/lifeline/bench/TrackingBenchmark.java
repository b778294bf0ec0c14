package dev.lifeline.bench;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.client.Repetitions;
import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.retry.RecentIds;
import dev.lifeline.wire.SseEncoder;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;

/** What it costs that an event has a number: each step that a gateway which forgets would not take. */
public class TrackingBenchmark extends Measured {

    private static final int SIZE = 100;
    private static final long EPOCH = 1_763_760_000_000_000L;

    private final Event event = Event.message(text(SIZE));
    private final RecentIds recent = new RecentIds(256);
    private final Repetitions repetitions = new Repetitions(StreamMetrics.NONE);
    private final String id = new Cursor(EPOCH, 1_234_567).toString();
    private Cursor cursor = Cursor.origin(EPOCH);
    private long count;

    @Benchmark
    public String nextCursorAsText() {
        cursor = cursor.successor();
        return cursor.toString();
    }

    @Benchmark
    public Optional<Cursor> readCursor() {
        return Cursor.parse(id);
    }

    /** Against {@link #encodeWithId()}: what the id costs on the wire. */
    @Benchmark
    public byte[] encodeWithoutId() {
        return SseEncoder.event(null, event);
    }

    @Benchmark
    public byte[] encodeWithId() {
        cursor = cursor.successor();
        return SseEncoder.event(cursor.toString(), event);
    }

    /** What a reader of upstreams does with each id. */
    @Benchmark
    public boolean recentIds() {
        return recent.firstTime(Long.toString(++count));
    }

    @Benchmark
    public boolean repetitions() {
        return repetitions.has(Long.toString(++count), event.type(), event.data());
    }
}
