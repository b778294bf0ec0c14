package dev.lifeline.gateway.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Whoever comes from outside: finds a node that takes him, and learns late when it is gone. */
abstract class Guest {

    private static final Duration PATIENCE = Duration.ofMillis(1500);

    final Simulation.Ground ground;
    final String name;
    private final List<Ear> ears = new ArrayList<>();

    Guest(Simulation.Ground ground, String name) {
        this.ground = ground;
        this.name = name;
    }

    Node anyNode() {
        List<Node> nodes = ground.nodes();
        return nodes.isEmpty() ? null : nodes.get(ground.world().below(nodes.size()));
    }

    /** Lets a node do something, or takes it for gone after a while. */
    void tryFor(Node node, Consumer<Node> action, Runnable otherwise) {
        boolean[] decided = new boolean[1];
        ground.world().after(PATIENCE.toNanos(), Life.ETERNAL, () -> {
            if (!decided[0]) {
                decided[0] = true;
                otherwise.run();
            }
        });
        if (node != null) {
            ground.world()
                    .after(ground.world().between(Duration.ofNanos(100_000), Duration.ofMillis(5)), node.life(), () -> {
                        if (!decided[0]) {
                            decided[0] = true;
                            action.accept(node);
                        }
                    });
        }
    }

    void later(Runnable action) {
        ground.world().after(Duration.ofMillis(20 + ground.world().below(400)).toNanos(), Life.ETERNAL, action);
    }

    void watch(Ear ear) {
        ears.add(ear);
    }

    /** A node has died: its connections end, some at once and some when it is noticed. */
    void died(Node node) {
        for (Ear ear : List.copyOf(ears)) {
            if (ear.node() == node) {
                ears.remove(ear);
                ground.world()
                        .after(
                                ground.world().between(Duration.ofMillis(1), Duration.ofMillis(500)),
                                Life.ETERNAL,
                                ear::died);
            }
        }
    }
}
