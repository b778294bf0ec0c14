package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.time.Duration;
import java.util.List;

/** The part of the table about open streams: when they beat, die, lag and come back. */
final class StreamOptions {

    static final Option<Duration> HEARTBEAT_INTERVAL = option("heartbeat_interval", Kind.duration("10ms", "1h"), "30s")
            .means("How long a stream may be silent before it gets a comment line with the time.")
            .because("Proxies commonly cut a link after 60 s of silence; this fits in twice.");

    static final Option<Duration> CONNECTION_TIMEOUT = option("connection_timeout", Kind.duration("20ms", "24h"), "90s")
            .means("How long a peer may acknowledge nothing before its connection is given up. At least twice "
                    + "heartbeat_interval.")
            .because("Three heartbeats: one may be lost and one be late.");

    static final Option<Duration> INITIAL_RETRY_DELAY = option("initial_retry_delay", Kind.duration("0s", "1h"), "1s")
            .means("What clients are told to wait before they reconnect (the retry field), before jitter.")
            .because("Short enough to go unnoticed, long enough for a node to restart.");

    static final Option<Duration> MAX_RETRY_DELAY = option("max_retry_delay", Kind.duration("0s", "24h"), "60s")
            .means("Longest wait a client is ever told, however often it failed. At least initial_retry_delay.")
            .because("A link is back within a minute of the trouble ending.");

    static final Option<Duration> RETRY_JITTER_MAX = option("retry_jitter_max", Kind.duration("0s", "1h"), "500ms")
            .means("Random extra added to that wait, up to this.")
            .because("Clients that lost their links together must not return together.");

    static final Option<Integer> SEND_BUFFER = option("send_buffer", Kind.size("4KiB", "16MiB"), "64KiB")
            .means("Kernel send buffer of a connection.")
            .because("Large enough for a replay at full speed, small enough that a stalled client is noticed soon.");

    static final Option<Integer> UNSENT_LIMIT = option("unsent_limit", Kind.size("1KiB", "64MiB"), "256KiB")
            .means("Bytes that may wait for a connection in this process; beyond, it lags and later reads on "
                    + "from the log.")
            .because("A slow reader costs a bounded amount and loses nothing.");

    static final Option<Duration> CONNECTION_MAX_AGE = option("connection_max_age", Kind.duration("0s", "720h"), "0s")
            .means("Age at which a stream is ended, so that its client reconnects elsewhere; 0 means never.")
            .because("Ending healthy links helps only to rebalance nodes; credentials that expire end their "
                    + "streams anyway.");

    static final List<Option<?>> ALL = List.of(
            HEARTBEAT_INTERVAL,
            CONNECTION_TIMEOUT,
            INITIAL_RETRY_DELAY,
            MAX_RETRY_DELAY,
            RETRY_JITTER_MAX,
            SEND_BUFFER,
            UNSENT_LIMIT,
            CONNECTION_MAX_AGE);

    private StreamOptions() {}
}
