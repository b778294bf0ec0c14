package dev.lifeline.gateway.upstream;

import java.time.Duration;

/**
 * How long an upstream is waited for.
 *
 * @param connecting until there is a connection to it
 * @param opening until it has answered {@code initialize}, or named its endpoint; a process may have to be fetched first
 * @param idle without a byte on a standing stream, after which it is taken for dead
 * @param answering without a byte of an answer, after which it is given up
 */
public record Waits(Duration connecting, Duration opening, Duration idle, Duration answering) {

    public static final Waits DEFAULT =
            new Waits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofMinutes(10));
}
