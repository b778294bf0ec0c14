package dev.lifeline.bench;

import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import java.time.Duration;
import java.time.InstantSource;

/** A node's log and hub as they are by default. */
final class Stages {

    /** Events a stream keeps. */
    static final int KEPT = 1000;

    static final long BYTES = 16 << 20;

    private static final Duration AGE = Duration.ofMinutes(5);
    private static final int STREAMS = 100_000;
    private static final String NODE = "here";

    private Stages() {}

    static MemoryLog log() {
        return new MemoryLog(new Retention(KEPT, BYTES, AGE, AGE, AGE), STREAMS, NODE, InstantSource.system());
    }

    static Hub hub(MemoryLog log) {
        return new Hub(log, Relay.NOWHERE, GatewayMetrics.NONE, new Hub.Settings(NODE, KEPT, BYTES, AGE));
    }
}
