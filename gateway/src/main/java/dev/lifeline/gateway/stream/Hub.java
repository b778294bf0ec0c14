package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.log.Settled;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * One node's registry of readers, and the only place of local fan-out: what is published is appended to the log first,
 * then delivered to the readers here and relayed to the nodes that have others.
 *
 * <p>Called from any thread, but a reader is attached, served and detached on one event loop, its own.
 */
public final class Hub {

    /**
     * What the hub goes by.
     *
     * @param node this node's name among those that an append reports to have readers
     * @param ringEvents events of a stream kept ready to write, while it has readers here
     * @param ringBytes the same in bytes
     * @param linger how long the ring of a stream outlives its last reader, who may be on its way back
     * @param allRingsBytes what the rings of all streams may take together. Beyond, each keeps the newest of its events
     *     only, and none outlives its last reader; who lags behind that reads the log
     */
    public record Settings(String node, int ringEvents, long ringBytes, Duration linger, long allRingsBytes) {

        /** With a quarter of the memory there is for the rings of all streams. */
        public Settings(String node, int ringEvents, long ringBytes, Duration linger) {
            this(node, ringEvents, ringBytes, linger, Runtime.getRuntime().maxMemory() / 4);
        }
    }

    /**
     * How a stream stands on this node.
     *
     * @param readers here
     * @param events in the ring
     * @param bytes the ring takes
     * @param fill of the events it may have, from 0 to 1
     * @param tail the highest position known here, or null
     */
    public record View(String stream, int readers, long events, long bytes, double fill, Cursor tail) {}

    /** Position checks under way at a time: appends go the same way to the log, and find it free. */
    private static final int CHECKS_AT_ONCE = 256;

    /** Streams without readers here, of which is remembered how far they had come. */
    private static final int HEIGHTS = 20_000;

    private final ConcurrentHashMap<String, LocalStream> streams = new ConcurrentHashMap<>();
    private final Log log;
    private final Relay relay;
    private final GatewayMetrics metrics;
    private final Settings settings;
    private final Surroundings surroundings;
    private final RingSpace space;
    private final Heights heights = new Heights(HEIGHTS);

    public Hub(Log log, Relay relay, GatewayMetrics metrics, Settings settings) {
        this(log, relay, metrics, settings, System::nanoTime);
    }

    /** Where the time that passes is counted by somebody else. */
    public Hub(Log log, Relay relay, GatewayMetrics metrics, Settings settings, LongSupplier nanos) {
        this.log = log;
        this.relay = relay;
        this.metrics = metrics;
        this.settings = settings;
        this.space = new RingSpace(settings.allRingsBytes());
        this.surroundings = new Surroundings(log, relay, metrics, nanos, this::giveUp);
    }

    /**
     * Appends events and sends them on their way. The future succeeds when they are kept.
     *
     * @param key under which a repetition is recognised, or null
     */
    public Future<Appended> publish(String stream, List<Event> events, String key) {
        return publish(stream, events, key, null);
    }

    /**
     * As {@link #publish(String, List, String)}, and drops what is over with it.
     *
     * @param settled null where there is no such thing
     */
    public Future<Appended> publish(String stream, List<Event> events, String key, Settled settled) {
        LocalStream local = streams.get(stream);
        Cursor known = local == null ? heights.of(stream) : local.replica().reached();
        Append append = new Append(stream, events, key, known, settled);
        if (Fault.at(Step.APPEND)) {
            return Future.failedFuture(new LogUnavailable(Fault.WORD));
        }
        return append(append, local).map(appended -> {
            Fault.at(Step.APPEND_ANSWER, LogUnavailable::new);
            spread(append, appended);
            return appended;
        });
    }

    private Future<Appended> append(Append append, LocalStream local) {
        if (local == null) {
            return log.append(append);
        }
        local.appending();
        return log.append(append).onComplete(answered -> local.appended());
    }

    private void spread(Append append, Appended appended) {
        List<String> others = appended.nodes().stream()
                .filter(node -> !node.equals(settings.node()))
                .toList();
        if (appended.repeated()) {
            metrics.deduplicated(appended.count());
            // Perhaps it is the first we hear of it: the answer that said so was lost, and nobody has delivered it.
            checkPosition(append.stream());
            if (!others.isEmpty()) {
                relay.nudge(others, append.stream());
            }
            return;
        }
        metrics.published(appended.count());
        deliverHere(append, appended);
        if (!others.isEmpty() && !Fault.at(Step.RELAY)) {
            relay.relay(others, append.stream(), appended.first(), append.events());
            metrics.relayed(append.events().size());
        }
    }

    private void deliverHere(Append append, Appended appended) {
        LocalStream local = streams.get(append.stream());
        if (local == null) {
            heights.rise(append.stream(), appended.first().plus(appended.count() - 1L));
            return;
        }
        if (local.isExclusive() && !appended.nodes().contains(settings.node())) {
            // Another node may have it by now, and then not even this event is for the reader here.
            Cursor before = appended.first().plus(-1);
            if (!appended.nodes().isEmpty() || !local.deliverToTheFirst(before, append.events())) {
                local.check();
            }
        } else {
            local.deliver(appended.first(), append.events());
        }
    }

    /** Takes events that were appended, on this node or another, to the readers here. */
    public void deliver(String stream, Cursor first, List<Event> events) {
        Fault.at(Step.RELAY_RECEIVED, IllegalStateException::new);
        LocalStream local = streams.get(stream);
        if (local != null) {
            local.deliver(first, events);
        }
    }

    /** Lets a reader attend a channel. On the reader's event loop. */
    public Subscription attach(String stream, Start start, Outlet outlet, EventLoop loop) {
        return attach(stream, Terms.PLAIN, start, outlet, loop);
    }

    /**
     * Lets a reader attend a stream. On the reader's event loop. While the log is away nothing is written; that begins,
     * with the position, when it is back.
     */
    public Subscription attach(String stream, Terms terms, Start start, Outlet outlet, EventLoop loop) {
        LocalStream local = admit(stream, terms);
        if (start.kind() == Start.Kind.AFTER) {
            metrics.resumed(local.replica().covers(start.cursor()));
        }
        return local.attend(start, outlet, loop);
    }

    /**
     * Drops a stream that nobody will ask for again, and what is kept of it. Its readers, here and elsewhere, get what
     * their node has, and are told that this was all.
     */
    public Future<Void> remove(String stream) {
        return remove(stream, List.of());
    }

    /** As {@link #remove(String)}, and forgets the keys under which repetitions were recognised. */
    public Future<Void> remove(String stream, List<String> keys) {
        LocalStream local = streams.remove(stream);
        heights.forget(stream);
        if (local != null) {
            local.remove();
        }
        return log.remove(stream, keys).map(others -> {
            if (!others.isEmpty()) {
                relay.nudge(others, stream);
            }
            return null;
        });
    }

    private LocalStream admit(String name, Terms terms) {
        while (true) {
            LocalStream stream = streams.computeIfAbsent(name, absent -> open(absent, terms));
            if (stream.admit()) {
                return stream;
            }
            // Given up between the look-up and the admission: the next look finds a new one.
            streams.remove(name, stream);
        }
    }

    private LocalStream open(String name, Terms terms) {
        Ring ring = new Ring(terms.framing(), settings.ringEvents(), settings.ringBytes(), space);
        return new LocalStream(name, terms, ring, heights.of(name), surroundings);
    }

    /**
     * Compares the position of every stream attended here with the log's, and gives up those nobody has attended for a
     * while. To be called at intervals, and whenever the log has come back; the future tells when all have answered.
     */
    public Future<Void> checkPositions() {
        return Round.over(streams.values(), CHECKS_AT_ONCE, this::check);
    }

    /** The same for one stream, or for all: {@code null}. For when somebody says that we may have missed something. */
    public void checkPosition(String stream) {
        if (stream == null) {
            checkPositions();
            return;
        }
        LocalStream local = streams.get(stream);
        if (local != null) {
            local.check();
        }
    }

    private Future<Void> check(LocalStream stream) {
        long linger = space.isShort() ? 0 : settings.linger().toNanos();
        return stream.retireIfIdle(linger) ? Future.succeededFuture() : stream.check();
    }

    private void giveUp(LocalStream stream, LocalStream.Ending ending) {
        streams.remove(stream.name(), stream);
        remember(stream);
        if (ending == LocalStream.Ending.LEFT) {
            log.detach(stream.name()).onSuccess(detached -> {
                // Attended again meanwhile: the log may have heard of that before it heard of the end.
                checkPosition(stream.name());
            });
        }
    }

    /** One that has had its last event, or was removed, is written to no more. */
    private void remember(LocalStream stream) {
        Cursor reached = stream.replica().reached();
        if (reached != null && !stream.replica().knowsItsEnd() && !stream.isRemoved()) {
            heights.rise(stream.name(), reached);
        }
    }

    /** How many streams have, or lately had, readers here. */
    public int streams() {
        return streams.size();
    }

    /** How those streams stand. */
    public Stream<View> views() {
        return streams.values().stream().map(stream -> stream.view(settings.ringEvents()));
    }

    public long ringBytes() {
        return space.used();
    }

    /** How full the rings are on average, from 0 to 1: what {@code /health} calls buffer utilization. */
    public double ringUtilization() {
        return streams.values().stream()
                .mapToDouble(stream -> stream.view(settings.ringEvents()).fill())
                .average()
                .orElse(0);
    }
}
