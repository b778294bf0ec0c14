package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Page;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The log of a single node, full to its bound as it is after the first minute. */
public class LogBenchmark extends Measured {

    private static final String STREAM = "play";
    private static final int PAGE = 100;

    @Param({"100", "10240"})
    public int size;

    private MemoryLog log;
    private List<Event> events;
    private long key;

    @Setup
    public void fill() {
        log = Stages.log();
        events = List.of(Event.message(text(size)));
        for (int i = 0; i < Stages.KEPT; i++) {
            append();
        }
    }

    /** One event in, the oldest out. */
    @Benchmark
    public Appended append() {
        return log.append(new Append(STREAM, events, null, null)).result();
    }

    /** The same under a key, which is remembered. */
    @Benchmark
    public Appended appendWithKey() {
        return log.append(new Append(STREAM, events, Long.toString(++key), null))
                .result();
    }

    @Benchmark
    public Page readOneHundred() {
        return log.read(STREAM, null, PAGE).result();
    }

    /** What a reader who has everything costs: the check of a position. */
    @Benchmark
    public Page readNothing() {
        return log.read(STREAM, log.read(STREAM, null, 1).result().tail(), 1).result();
    }
}
