package dev.lifeline.bench;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.gateway.stream.Subscription;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A reader that comes back: attached, given what it missed, live, gone again. */
public class SeamBenchmark extends Measured {

    private static final String STREAM = "play";
    private static final int SIZE = 100;

    @Param({"0", "10", "500"})
    public int missed;

    private final TurnByTurn loop = new TurnByTurn();
    private final MemoryLog log = Stages.log();
    private final Hub hub = Stages.hub(log);
    private Start start;

    @Setup(Level.Trial)
    public void fill() {
        // Somebody has attended from the beginning, so the ring has it all.
        hub.attach(STREAM, Start.TAIL, new Sink(), loop);
        loop.turnAll();
        for (int i = 0; i < Stages.KEPT; i++) {
            hub.publish(STREAM, List.of(Event.message(text(SIZE))), null);
        }
        loop.turnAll();
        Cursor tail = log.read(STREAM, null, 1).result().tail();
        start = Start.after(new Cursor(tail.epoch(), tail.sequence() - missed).toString());
    }

    /** What it missed is in the ring: ready bytes. */
    @Benchmark
    public long fromTheRing() {
        return comeAndGo(hub);
    }

    /** On a node that had no reader of the stream: out of the log, framed for this reader. */
    @Benchmark
    public long fromTheLog() {
        return comeAndGo(Stages.hub(log));
    }

    private long comeAndGo(Hub node) {
        Sink sink = new Sink();
        Subscription reader = node.attach(STREAM, start, sink, loop);
        loop.turnAll();
        if (sink.events != missed || reader.phase() != Subscription.Phase.LIVE) {
            throw new IllegalStateException(reader.phase() + " after " + sink.events);
        }
        reader.close();
        loop.turnAll();
        return sink.bytes;
    }
}
