package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.time.Duration;
import java.util.List;

/** The part of the table about what is kept of each stream. */
final class BufferOptions {

    static final Option<Integer> MESSAGE_BUFFER_SIZE = option(
                    "message_buffer_size", Kind.count("events", 1, 1_000_000), "1000")
            .flag("--buffer-size")
            .means("Newest events kept of each stream, for clients that come back.")
            .because("Five minutes of absence at three events a second.");

    static final Option<Duration> BUFFER_RETENTION = option("buffer_retention", Kind.duration("1s", "720h"), "5m")
            .means("How long an event is kept.")
            .because("Covers a restart, a train tunnel and a laptop lid; longer needs memory.");

    static final Option<Long> BUFFER_BYTES = option(
                    "buffer_bytes", Kind.size("1KiB", "1GiB").as(Integer::longValue), "4MiB")
            .means("Bytes kept of each stream, whatever the count says.")
            .because("1000 events of 4 KiB; a few huge events cannot fill the store.");

    static final Option<Duration> POSITION_RETENTION = option("position_retention", Kind.duration("1s", "8760h"), "24h")
            .means("How long the epoch and sequence of a quiet stream are remembered. At least buffer_retention.")
            .because("A client back after a night is told exactly what it missed; a position takes few bytes.");

    static final Option<Duration> DEDUP_RETENTION = option("dedup_retention", Kind.duration("1s", "720h"), "5m")
            .means("How long an idempotency key is remembered.")
            .because("Publishers retry within seconds; this leaves room for one that restarts.");

    static final Option<Integer> MAX_EVENT_BYTES = option("max_event_bytes", Kind.size("64", "64MiB"), "256KiB")
            .means("Largest event accepted. At most max_body and buffer_bytes.")
            .because("One event is written to every reader at once, so that its size counts many times.");

    static final Option<Integer> MAX_STREAMS = option("max_streams", Kind.count("streams", 1, 10_000_000), "100000")
            .means(
                    "Streams the memory log keeps. Beyond, publishers to a new name are answered 503 and its readers wait, "
                            + "until one that has been quiet for position_retention is forgotten.")
            .because("Bounds what names made up by strangers can cost; Redis has its own bound.");

    static final List<Option<?>> ALL = List.of(
            MESSAGE_BUFFER_SIZE,
            BUFFER_RETENTION,
            BUFFER_BYTES,
            POSITION_RETENTION,
            DEDUP_RETENTION,
            MAX_EVENT_BYTES,
            MAX_STREAMS);

    private BufferOptions() {}
}
