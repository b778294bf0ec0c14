package dev.lifeline.gateway.stream;

import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What all streams of a hub have in common, so that each holds one reference to it.
 *
 * @param nanos what counts the time that passes
 * @param givenUp is told when a stream has given itself up, and why: nobody can attend it any more
 */
record Surroundings(
        Log log,
        Relay relay,
        GatewayMetrics metrics,
        LongSupplier nanos,
        BiConsumer<LocalStream, LocalStream.Ending> givenUp) {}
