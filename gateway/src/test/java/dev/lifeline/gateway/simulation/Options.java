package dev.lifeline.gateway.simulation;

import java.time.Duration;
import java.util.Random;

/**
 * What a seed expands to: the world a history happens in.
 *
 * @param nodes that begin
 * @param pipe whether the upstream is spoken to through a pipe that one node holds, and not over HTTP
 * @param resumable whether the upstream gives event ids, from which an answer can be gone on with
 * @param kept events a stream keeps
 * @param age how long it keeps them
 * @param ring events a node keeps ready
 * @param lostRequests of scripts sent to Redis, how many never arrive
 * @param lostAnswers how many are carried out and not answered
 * @param bus how many messages between nodes are lost; as many come twice
 * @param quick the longest that Redis, or the bus, takes on a good day
 * @param slowest the longest on a bad one
 * @param nemesis how often something befalls somebody, in a second
 * @param active how long that goes on
 */
record Options(
        int nodes,
        boolean pipe,
        boolean resumable,
        int kept,
        Duration age,
        int ring,
        double lostRequests,
        double lostAnswers,
        double bus,
        Duration quick,
        Duration slowest,
        double nemesis,
        Duration active) {

    /** Seeds that follow each other must not begin alike. */
    static long mixed(long seed) {
        long mixed = seed * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 27;
    }

    static Options of(long seed) {
        Random random = new Random(mixed(seed));
        boolean faulty = random.nextInt(8) > 0;
        boolean pipe = random.nextInt(3) == 0;
        return new Options(
                2 + random.nextInt(2),
                pipe,
                random.nextBoolean() && !pipe,
                random.nextInt(3) == 0 ? 4 + random.nextInt(12) : 200,
                Duration.ofMillis(random.nextInt(3) == 0 ? 1500 : 60_000),
                2 + random.nextInt(30),
                faulty ? random.nextDouble() * 0.01 : 0,
                faulty ? random.nextDouble() * 0.01 : 0,
                faulty ? random.nextDouble() * 0.3 : 0,
                Duration.ofMillis(1 + random.nextInt(4)),
                Duration.ofMillis(200 + random.nextInt(1500)),
                faulty ? 0.5 + random.nextDouble() * 2 : 0.1,
                Duration.ofMillis(1500 + random.nextInt(2500)));
    }
}
