package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseEncoder;
import dev.lifeline.wire.SseParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** An event to bytes and back. */
public class WireBenchmark extends Measured {

    private static final int SPLIT = 100;

    @Param({"20", "1024", "65536"})
    public int size;

    private Event event;
    private byte[] frame;
    private SseParser parser;
    private String heard;

    @Setup
    public void prepare() {
        event = Event.message(text(size));
        frame = SseEncoder.event("mrhb3s2zsk-1234567", event);
        parser = new SseParser(Bounds.DEFAULT, (id, type, data) -> heard = data);
    }

    @Benchmark
    public byte[] encode() {
        return SseEncoder.event("mrhb3s2zsk-1234567", event);
    }

    /** The form for MCP clients. */
    @Benchmark
    public byte[] encodeNamed() {
        return SseEncoder.named("mrhb3s2zsk-1234567", event);
    }

    @Benchmark
    public String parse() {
        parser.feed(frame, 0, frame.length);
        return heard;
    }

    /** The same, cut as a network may cut it. */
    @Benchmark
    public String parseSplit() {
        for (int at = 0; at < frame.length; at += SPLIT) {
            parser.feed(frame, at, Math.min(SPLIT, frame.length - at));
        }
        return heard;
    }
}
