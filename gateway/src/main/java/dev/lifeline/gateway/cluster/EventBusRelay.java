package dev.lifeline.gateway.cluster;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageProducer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries appended events to other nodes over the clustered event bus. Each node listens at one address, its own; what
 * gathers for a node while a turn lasts goes there as one message.
 *
 * <p>Bounded twice, in bytes: what waits for its turn here, and what is on its way to a node in {@link Peer}. Beyond, it
 * drops, which costs the readers there the time until their next position check. May be called from any thread.
 */
final class EventBusRelay implements Relay {

    private static final Logger LOG = LoggerFactory.getLogger(EventBusRelay.class);

    /** A quarter of a second of a gigabit; more only waits when the machine has far more to do than to relay. */
    private static final long MOST_WAITING_BYTES = 32L * 1024 * 1024;

    /** Of a run beside its data: objects, names, positions. */
    private static final int RUN_BYTES = 128;

    /** Nodes are asked whether they have everything about as often. */
    private static final long LOOK_MILLIS = 250;

    private static final long ANSWER_MILLIS = 1000;

    /** A nudge, where there are no events. */
    private record Run(List<String> nodes, String stream, Cursor first, List<Event> events, long weight) {

        Buffer encoded() {
            return events == null ? RelayCodec.nudge(stream) : RelayCodec.encode(stream, first, events);
        }
    }

    private final ConcurrentLinkedQueue<Run> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final SeldomLog complaints = new SeldomLog(LOG);
    private final Vertx vertx;
    private final Context context;

    // Owned by the context.
    private final Map<String, Peer> peers = new HashMap<>();
    private final Lines lines = new Lines();

    EventBusRelay(Vertx clustered) {
        this.vertx = clustered;
        this.context = clustered.getOrCreateContext();
        // Only our own bytes travel here; nobody is to make objects of them.
        clustered.eventBus().serializableChecker(type -> false).clusterSerializableChecker(type -> false);
        context.runOnContext(begin -> clustered.setPeriodic(LOOK_MILLIS, turn -> look()));
    }

    private void look() {
        peers.values().forEach(Peer::turn);
        peers.values().removeIf(Peer::isIdle);
    }

    /** Takes in what other nodes relay to this one. */
    Future<Void> listen(String node, RelayCodec.Sink sink) {
        Promise<Void> listening = Promise.promise();
        context.runOnContext(begin -> vertx.eventBus()
                .consumer(address(node), message -> accept(message, sink))
                .completion()
                .onComplete(listening));
        return listening.future();
    }

    private void accept(Message<Object> message, RelayCodec.Sink sink) {
        try {
            Buffer body = (Buffer) message.body();
            boolean question = message.replyAddress() != null;
            if (!isWhole(body, question)) {
                sink.nudge(null);
            }
            RelayCodec.decode(body, sink);
            if (question) {
                message.reply(null);
            }
        } catch (RuntimeException malformed) {
            complaints.warn("a relayed message was not understood, the log has what it said", malformed);
        }
    }

    private boolean isWhole(Buffer body, boolean question) {
        long line = RelayCodec.line(body);
        long number = RelayCodec.number(body);
        return question ? lines.reaches(line, number) : lines.continues(line, number);
    }

    @Override
    public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
        long weight = RUN_BYTES;
        for (Event event : events) {
            weight += event.data().length();
        }
        add(new Run(nodes, stream, first, events, weight));
    }

    @Override
    public void nudge(List<String> nodes, String stream) {
        add(new Run(nodes, stream, null, null, RUN_BYTES));
    }

    private void add(Run run) {
        long weight = run.weight();
        long before = waitingBytes.getAndAdd(weight);
        if (before > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-weight);
            complaints.warn("too much to relay, readers elsewhere will read it from the log", null);
            return;
        }
        waiting.add(run);
        if (before == 0) {
            context.runOnContext(turn -> flush());
        }
    }

    private void flush() {
        long taken = 0;
        try {
            for (Run run = waiting.poll(); run != null; run = waiting.poll()) {
                taken += run.weight();
                gather(run);
            }
            peers.values().forEach(Peer::send);
            peers.values().removeIf(Peer::isIdle);
        } finally {
            // Whatever went wrong: with runs left uncounted nobody would ever flush again.
            if (waitingBytes.addAndGet(-taken) > 0) {
                context.runOnContext(turn -> flush());
            }
        }
    }

    private void gather(Run run) {
        Buffer bytes = run.encoded();
        for (String node : run.nodes()) {
            peers.computeIfAbsent(node, this::peer).take(bytes);
        }
    }

    private Peer peer(String node) {
        String address = address(node);
        MessageProducer<Buffer> sender = vertx.eventBus().sender(address);
        Peer.Way way = new Peer.Way() {
            @Override
            public Future<Void> write(Buffer message) {
                return sender.write(message);
            }

            @Override
            public Future<?> ask(Buffer message) {
                return vertx.eventBus().request(address, message, new DeliveryOptions().setSendTimeout(ANSWER_MILLIS));
            }
        };
        return new Peer(node, way, System::nanoTime);
    }

    Context context() {
        return context;
    }

    static String address(String node) {
        return "node." + node;
    }
}
