package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The log of a single node: streams in this process's memory, gone with it. The default, and complete: bounds, verdicts
 * and keys are those of {@link RedisLog}, and one contract suite proves both.
 *
 * <p>Each call locks one stream for as long as it takes to touch it; futures are complete on return.
 */
public final class MemoryLog implements Log {

    private final ConcurrentHashMap<String, MemoryStream> streams = new ConcurrentHashMap<>();
    private final AtomicLong lastGiven = new AtomicLong();
    private final Retention retention;
    private final int mostStreams;
    private final InstantSource clock;
    private final List<String> self;

    public MemoryLog(Retention retention, int mostStreams, String node, InstantSource clock) {
        this.retention = retention;
        this.mostStreams = mostStreams;
        this.clock = clock;
        this.self = List.of(node);
    }

    @Override
    public Future<Appended> append(Append append) {
        return with(append.stream(), stream -> {
            restartIfBehind(stream, append.known());
            return stream.append(append, self, clock.millis());
        });
    }

    @Override
    public Future<Page> read(String stream, Cursor after, int limit) {
        return with(stream, it -> it.read(after, limit, clock.millis()));
    }

    @Override
    public Future<Attached> attach(Attach attach) {
        return with(attach.stream(), it -> {
            restartIfBehind(it, attach.known());
            if (attach.claim() != null && attach.claim().provesLoss(it.position())) {
                it.restart(later(it.position().epoch()));
            }
            Attached.Standing standing = Attached.Standing.HELD;
            if (attach.claim() == null) {
                it.attach(clock.millis());
            } else {
                standing = it.attach(attach.claim(), this::later, clock.millis());
            }
            return new Attached(standing, it.position(), it.fence(), List.of());
        });
    }

    @Override
    public Future<Void> detach(String stream) {
        return ifKnown(stream, MemoryStream::detach);
    }

    /** Its keys are kept with it, and go with it. */
    @Override
    public Future<List<String>> remove(String stream, List<String> keys) {
        return ifKnown(stream, it -> {
                    it.retire();
                    streams.remove(stream, it);
                })
                .map(List.of());
    }

    @Override
    public Future<Void> acknowledge(String stream, Cursor upTo) {
        return ifKnown(stream, it -> it.acknowledge(upTo));
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Future<Void> close() {
        streams.clear();
        return Future.succeededFuture();
    }

    /** Forgets streams that nobody attends and whose time is over; to be called now and then. */
    public void sweep() {
        streams.forEach((name, stream) -> {
            synchronized (stream) {
                if (stream.retireIfForgettable(clock.millis())) {
                    streams.remove(name, stream);
                }
            }
        });
    }

    private <T> Future<T> with(String name, Function<MemoryStream, T> step) {
        if (streams.size() >= mostStreams && !streams.containsKey(name)) {
            return Future.failedFuture(new LogUnavailable("no room for another stream, of " + mostStreams));
        }
        while (true) {
            MemoryStream stream = streams.computeIfAbsent(name, absent -> newStream());
            synchronized (stream) {
                // A sweep may have retired it since it was found: then look again, and find a new one.
                if (!stream.retired()) {
                    return Future.succeededFuture(step.apply(stream));
                }
            }
        }
    }

    private Future<Void> ifKnown(String name, Consumer<MemoryStream> step) {
        MemoryStream stream = streams.get(name);
        if (stream != null) {
            synchronized (stream) {
                step.accept(stream);
            }
        }
        return Future.succeededFuture();
    }

    private MemoryStream newStream() {
        return new MemoryStream(retention, later(0), clock.millis());
    }

    private void restartIfBehind(MemoryStream stream, Cursor known) {
        if (known != null && known.isAfter(stream.position())) {
            stream.restart(later(known.epoch()));
        }
    }

    /** The clock in microseconds, but later than what is known, and never the same twice, also when it steps back. */
    private long later(long known) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        return lastGiven.updateAndGet(last -> Math.max(Math.max(last, known) + 1, micros));
    }
}
