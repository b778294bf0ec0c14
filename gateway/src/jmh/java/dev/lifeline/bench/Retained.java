package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.stream.IntStream;

/** What a thousand events weigh while they can still be asked for: heap after a collection, and the ring beside it. */
public final class Retained {

    private static final int STREAMS = 100;

    private Retained() {}

    /** Weighs events of so many characters, in a JVM of their own. */
    public static void main(String[] args) {
        int size = Integer.parseInt(args[0]);
        Hub hub = Stages.hub(Stages.log());
        TurnByTurn loop = new TurnByTurn();
        List<String> streams =
                IntStream.range(0, STREAMS).mapToObj(Integer::toString).toList();
        streams.forEach(stream -> hub.attach(stream, Start.TAIL, new Sink(), loop));
        // The first one of each stream is for what comes with it once.
        streams.forEach(stream -> hub.publish(stream, List.of(event(0, size)), null));
        loop.turnAll();
        long before = heap();
        for (int i = 0; i < STREAMS * Stages.KEPT; i++) {
            hub.publish(streams.get(i % STREAMS), List.of(event(i, size)), null);
            loop.turnAll();
        }
        System.out.printf(
                "| %d characters | %d | %d |%n", size, inKilobytes(heap() - before), inKilobytes(hub.ringBytes()));
    }

    /** With a text of its own, as it comes from the network. */
    private static Event event(int number, int size) {
        return Event.message(String.format("%-" + size + "d", number));
    }

    private static long inKilobytes(long bytes) {
        return bytes / STREAMS / 1024;
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
