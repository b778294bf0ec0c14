package dev.lifeline.gateway.cluster;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries appended events to other nodes over the clustered event bus. Each node listens at one address, its own; what
 * gathers for a node while a turn lasts goes there as one message.
 *
 * <p>Bounded: beyond {@link #MOST_WAITING} runs it drops, which costs the readers there the time until their next
 * position check. May be called from any thread.
 */
final class EventBusRelay implements Relay {

    private static final Logger LOG = LoggerFactory.getLogger(EventBusRelay.class);
    private static final int MOST_WAITING = 100_000;
    private static final int MESSAGE_BYTES = 512 * 1024;

    private record Run(List<String> nodes, String stream, Cursor first, List<Event> events) {}

    private final ConcurrentLinkedQueue<Run> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Vertx vertx;
    private final Context context;

    EventBusRelay(Vertx clustered) {
        this.vertx = clustered;
        this.context = clustered.getOrCreateContext();
    }

    /** Takes in what other nodes relay to this one. */
    Future<Void> listen(String node, RelayCodec.Sink sink) {
        return vertx.eventBus()
                .<Buffer>consumer(address(node), message -> {
                    try {
                        RelayCodec.decode(message.body(), sink);
                    } catch (RuntimeException malformed) {
                        LOG.warn("a relayed message was not understood; the log has what it said", malformed);
                    }
                })
                .completion();
    }

    @Override
    public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
        int before = count.getAndIncrement();
        if (before >= MOST_WAITING) {
            count.decrementAndGet();
            return;
        }
        waiting.add(new Run(nodes, stream, first, events));
        if (before == 0) {
            context.runOnContext(turn -> flush());
        }
    }

    private void flush() {
        Map<String, Buffer> messages = new HashMap<>();
        int taken = 0;
        for (Run run = waiting.poll(); run != null; run = waiting.poll()) {
            taken++;
            for (String node : run.nodes()) {
                Buffer message = messages.computeIfAbsent(node, first -> Buffer.buffer());
                RelayCodec.encode(run.stream(), run.first(), run.events(), message);
                if (message.length() >= MESSAGE_BYTES) {
                    send(node, messages.remove(node));
                }
            }
        }
        messages.forEach(this::send);
        if (count.addAndGet(-taken) > 0) {
            context.runOnContext(turn -> flush());
        }
    }

    private void send(String node, Buffer message) {
        vertx.eventBus().send(address(node), message);
    }

    private static String address(String node) {
        return "node." + node;
    }
}
