package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.time.Duration;
import java.util.List;

/** The part of the table about how much anybody may have. */
final class LimitOptions {

    static final Option<Integer> MAX_CONNECTIONS = option(
                    "max_connections", Kind.count("connections", 1, 10_000_000), "50000")
            .means("Connections in all; beyond, a clear refusal, and open ones are left alone.")
            .because("At under 10 KB each they take half a gigabyte; also mind the limit on open files.");

    static final Option<Integer> MAX_CONNECTIONS_PER_ADDRESS = option(
                    "max_connections_per_address", Kind.count("connections", 0, 10_000_000), "0")
            .means("Connections from one address; 0 means no limit of its own.")
            .because("Behind a proxy all clients share one address; set it with forwarded_for or without a proxy.");

    static final Option<Integer> MAX_CONNECTIONS_PER_PRINCIPAL = option(
                    "max_connections_per_principal", Kind.count("connections", 0, 10_000_000), "0")
            .means("Connections of one principal; 0 means no limit of its own.")
            .because("Without authentication everybody is the same principal.");

    static final Option<Boolean> FORWARDED_FOR = option("forwarded_for", Kind.onOff(), "false")
            .means("Take the last hop of X-Forwarded-For for the address of the client.")
            .because("Anybody can send that header; trust it only where a proxy of yours always writes it.");

    static final Option<Integer> MAX_PENDING_APPENDS = option(
                    "max_pending_appends", Kind.count("appends", 1, 1_000_000), "10000")
            .means("Appends that may wait for the log; beyond, publishers are answered 503 with Retry-After.")
            .because("Rides out a Redis restart at a thousand events a second and still is bounded.");

    static final Option<Duration> APPEND_TIMEOUT = option("append_timeout", Kind.duration("10ms", "10m"), "5s")
            .means("How long an append may take before its publisher is told to retry.")
            .because("Longer than a failover usually takes, shorter than the patience of an HTTP client.");

    static final List<Option<?>> ALL = List.of(
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_ADDRESS,
            MAX_CONNECTIONS_PER_PRINCIPAL,
            FORWARDED_FOR,
            MAX_PENDING_APPENDS,
            APPEND_TIMEOUT);

    private LimitOptions() {}
}
