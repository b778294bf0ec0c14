package dev.lifeline.gateway.cluster;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
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

    private record Run(List<String> nodes, String stream, Cursor first, List<Event> events, long weight) {}

    private final ConcurrentLinkedQueue<Run> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final SeldomLog complaints = new SeldomLog(LOG);
    private final Vertx vertx;
    private final Context context;

    // Owned by the context.
    private final Map<String, Peer> peers = new HashMap<>();

    EventBusRelay(Vertx clustered) {
        this.vertx = clustered;
        this.context = clustered.getOrCreateContext();
        // Only our own bytes travel here; nobody is to make objects of them.
        clustered.eventBus().serializableChecker(type -> false).clusterSerializableChecker(type -> false);
    }

    /** Takes in what other nodes relay to this one. */
    Future<Void> listen(String node, RelayCodec.Sink sink) {
        return vertx.eventBus()
                .consumer(address(node), message -> accept(message, sink))
                .completion();
    }

    private void accept(Message<Object> message, RelayCodec.Sink sink) {
        try {
            RelayCodec.decode((Buffer) message.body(), sink);
        } catch (RuntimeException malformed) {
            complaints.warn("a relayed message was not understood, the log has what it said", malformed);
        }
    }

    @Override
    public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
        long weight = RUN_BYTES;
        for (Event event : events) {
            weight += event.data().length();
        }
        long before = waitingBytes.getAndAdd(weight);
        if (before > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-weight);
            complaints.warn("too much to relay, readers elsewhere will read it from the log", null);
            return;
        }
        waiting.add(new Run(nodes, stream, first, events, weight));
        if (before == 0) {
            context.runOnContext(turn -> flush());
        }
    }

    private void flush() {
        long taken = 0;
        for (Run run = waiting.poll(); run != null; run = waiting.poll()) {
            taken += run.weight();
            Buffer bytes = RelayCodec.encode(run.stream(), run.first(), run.events());
            for (String node : run.nodes()) {
                peers.computeIfAbsent(node, this::peer).take(bytes);
            }
        }
        peers.values().forEach(Peer::send);
        peers.values().removeIf(Peer::isIdle);
        if (waitingBytes.addAndGet(-taken) > 0) {
            context.runOnContext(turn -> flush());
        }
    }

    private Peer peer(String node) {
        return new Peer(node, vertx.eventBus().<Buffer>sender(address(node))::write, System::nanoTime);
    }

    Context context() {
        return context;
    }

    static String address(String node) {
        return "node." + node;
    }
}
