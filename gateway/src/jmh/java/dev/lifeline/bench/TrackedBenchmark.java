package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.wire.SseEncoder;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * An event to one reader with everything that makes it come back after a loss, and without any of it. The difference a
 * thousand times is the processor time that event tracking takes at a thousand events a second.
 */
public class TrackedBenchmark extends Measured {

    private static final String STREAM = "play";
    private static final int SIZE = 100;

    private final TurnByTurn loop = new TurnByTurn();
    private final Hub hub = Stages.hub(Stages.log());
    private final Event event = Event.message(text(SIZE));
    private final Sink sink = new Sink();

    @Setup
    public void attach() {
        hub.attach(STREAM, Start.TAIL, sink, loop);
        loop.turnAll();
    }

    /** Appended to the log, numbered, put into the ring, delivered from there. */
    @Benchmark
    public long tracked() {
        hub.publish(STREAM, List.of(event), null);
        loop.turnAll();
        return sink.bytes;
    }

    /** Framed and handed over. */
    @Benchmark
    public long untracked() {
        Frames frames = Frames.aside(SseEncoder.event(null, event));
        loop.execute(() -> {
            sink.write(frames);
            frames.release();
        });
        loop.turnAll();
        return sink.bytes;
    }
}
