package dev.lifeline.gateway.upstream;

import java.time.Duration;

/** How lost streams are made again. */
public record Retries(Duration initial, Duration longest, double jitter, int most) {

    public static final Retries DEFAULT = new Retries(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.3, 10);

    long wait(int attempt, double random) {
        double plain = Math.min(longest.toMillis(), initial.toMillis() * Math.pow(2, attempt));
        return (long) (plain * (1 + jitter * random));
    }
}
