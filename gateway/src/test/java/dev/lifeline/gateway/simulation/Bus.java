package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What lies between the nodes: it drops, doubles, delays and reorders hints, loses questions, and is cut one way at a time. */
final class Bus {

    private static final Duration QUESTION = Duration.ofSeconds(2);

    /** A way from one name to another. */
    private record Way(String from, String to) {}

    private final World world;
    private final Options options;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<Way, Long> cuts = new HashMap<>();
    private boolean healed;

    Bus(World world, Options options) {
        this.world = world;
        this.options = options;
    }

    void join(Node node) {
        nodes.put(node.id(), node);
    }

    void leave(Node node) {
        nodes.remove(node.id());
    }

    boolean isUp(String id) {
        return nodes.containsKey(id);
    }

    void cut(String from, String to, Duration time) {
        cuts.put(new Way(from, to), world.now() + time.toNanos());
    }

    /** From now on everything arrives. */
    void heal() {
        healed = true;
        cuts.clear();
    }

    private boolean passes(Node from, String to) {
        Node target = nodes.get(to);
        return target != null
                && cuts.getOrDefault(new Way(from.name(), target.name()), 0L) <= world.now()
                && (healed || !world.chance(options.bus()));
    }

    private long delay() {
        boolean bad = !healed && world.chance(options.bus() / 4);
        return world.between(Duration.ofNanos(50_000), bad ? options.slowest() : options.quick());
    }

    private void carry(Node from, String to, Consumer<Node> message) {
        int copies = passes(from, to) ? 1 : 0;
        if (copies == 1 && !healed && world.chance(options.bus())) {
            copies = 2;
        }
        for (int i = 0; i < copies; i++) {
            Node target = nodes.get(to);
            world.after(delay(), target.life(), () -> message.accept(target));
        }
    }

    Relay relay(Node from) {
        return new Relay() {
            @Override
            public void relay(List<String> to, String stream, Cursor first, List<Event> events) {
                to.forEach(id -> carry(from, id, node -> node.hub().deliver(stream, first, events)));
            }

            @Override
            public void nudge(List<String> to, String stream) {
                to.forEach(id -> carry(from, id, node -> node.hub().checkPosition(stream)));
            }
        };
    }

    Desk desk(Node of, NodeLease lease) {
        return new Desk(of, lease);
    }

    /** One node's end of what is asked between them; who is alive, its lease says. */
    final class Desk implements Courier {

        private final Map<String, BiFunction<String, String, Future<String>>> subjects = new HashMap<>();
        private final Node self;
        private final NodeLease lease;

        private Desk(Node self, NodeLease lease) {
            this.self = self;
            this.lease = lease;
        }

        @Override
        public Future<String> ask(String to, String subject, String question) {
            if (to.equals(self.id())) {
                return answerHere(self.id(), subject, question);
            }
            Promise<String> answer = Promise.promise();
            if (!passes(self, to)) {
                boolean noticed = world.chance(0.5);
                world.after(
                        noticed ? delay() : QUESTION.toNanos(),
                        self.life(),
                        () -> answer.tryFail(new LinkFailure(noticed ? Ending.NOT_SENT : Ending.LOST, "not heard")));
                return answer.future();
            }
            world.after(
                    QUESTION.toNanos(), self.life(), () -> answer.tryFail(new LinkFailure(Ending.LOST, "too late")));
            Node there = nodes.get(to);
            world.after(
                    delay(),
                    there.life(),
                    () -> there.desk()
                            .answerHere(self.id(), subject, question)
                            .onComplete(said -> reply(there, said, answer)));
            return answer.future();
        }

        private void reply(Node from, io.vertx.core.AsyncResult<String> said, Promise<String> answer) {
            if (!passes(from, self.id())) {
                return;
            }
            world.after(delay(), self.life(), () -> {
                if (said.succeeded()) {
                    answer.tryComplete(said.result());
                } else {
                    answer.tryFail(new LinkFailure(ending(said.cause()), "it failed there"));
                }
            });
        }

        private static Ending ending(Throwable failure) {
            return failure instanceof LinkFailure link && link.ending() != Ending.DONE ? link.ending() : Ending.LOST;
        }

        private Future<String> answerHere(String from, String subject, String question) {
            return subjects.get(subject).apply(from, question);
        }

        @Override
        public void answer(String subject, BiFunction<String, String, Future<String>> how) {
            subjects.put(subject, how);
        }

        @Override
        public Set<String> alive() {
            return lease.isSure() ? lease.members().stream().map(Member::id).collect(Collectors.toSet()) : Set.of();
        }

        @Override
        public boolean isDead(String node) {
            return lease.isDead(node);
        }

        @Override
        public Future<Boolean> isSilent(String node) {
            return lease.isSilent(node);
        }
    }
}
