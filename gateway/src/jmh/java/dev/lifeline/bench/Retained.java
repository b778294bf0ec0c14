package dev.lifeline.bench;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;

/** What a thousand events weigh while they can still be asked for: heap after a collection, and the ring beside it. */
public final class Retained {

    private static final int STREAMS = 100;
    private static final int[] SIZES = {20, 100, 1024};

    private Retained() {}

    public static void main(String[] args) {
        System.out.printf("%-28s %12s %12s%n", "1000 events, characters each", "log, KB", "ring, KB");
        for (int size : SIZES) {
            MemoryLog log = Stages.log();
            Hub hub = Stages.hub(log);
            TurnByTurn loop = new TurnByTurn();
            for (int i = 0; i < STREAMS; i++) {
                hub.attach(Integer.toString(i), Start.TAIL, new Sink(), loop);
            }
            loop.turnAll();
            long before = heap();
            long ringBefore = hub.ringBytes();
            for (int i = 0; i < STREAMS * Stages.KEPT; i++) {
                // A text of its own each, as it comes from the network.
                Event event = Event.message(String.format("%-" + size + "d", i));
                hub.publish(Integer.toString(i % STREAMS), List.of(event), null);
                loop.turnAll();
            }
            long kept = (heap() - before) / STREAMS / 1024;
            System.out.printf("%-28d %12d %12d%n", size, kept, (hub.ringBytes() - ringBefore) / STREAMS / 1024);
            log.close();
        }
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
