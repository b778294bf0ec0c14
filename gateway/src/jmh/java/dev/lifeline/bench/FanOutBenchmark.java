package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.wire.SseEncoder;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One event to every reader of a stream, from the publisher's call to the last outlet: appended, framed once, handed to
 * each as a slice of the ring. Beside it what it would be to frame it for each.
 */
public class FanOutBenchmark extends Measured {

    private static final String STREAM = "play";
    private static final int SIZE = 100;
    private static final int BURST = 10;

    @Param({"1", "100", "1000"})
    public int readers;

    private final TurnByTurn loop = new TurnByTurn();
    private final Hub hub = Stages.hub(Stages.log());
    private final List<Event> events = List.of(Event.message(text(SIZE)));
    private final List<Sink> sinks = new ArrayList<>();

    @Setup
    public void attach() {
        for (int i = 0; i < readers; i++) {
            Sink sink = new Sink();
            sinks.add(sink);
            hub.attach(STREAM, Start.TAIL, sink, loop);
        }
        loop.turnAll();
    }

    @Benchmark
    public long publish() {
        hub.publish(STREAM, events, null);
        loop.turnAll();
        return sinks.get(0).bytes;
    }

    /** Ten events within one turn of the loop, which leave as one run: compare with ten times {@link #publish()}. */
    @Benchmark
    public long publishTenInATurn() {
        for (int i = 0; i < BURST; i++) {
            hub.publish(STREAM, events, null);
        }
        loop.turnAll();
        return sinks.get(0).bytes;
    }

    /** What the ring saves: the bytes made anew for each reader, and nothing else done. */
    @Benchmark
    public void frameForEach(Blackhole hole) {
        for (int i = 0; i < readers; i++) {
            hole.consume(SseEncoder.event("mrhb3s2zsk-1234567", events.get(0)));
        }
    }
}
