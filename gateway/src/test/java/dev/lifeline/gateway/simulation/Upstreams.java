package dev.lifeline.gateway.simulation;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The MCP server behind the nodes, and their links with it. It answers, at once or late; it forgets its conversations,
 * cuts connections after it has done what it was asked, says things of its own accord, and says them again. It counts
 * what it carries out.
 */
final class Upstreams {

    private static final Duration AT_LEAST = Duration.ofNanos(100_000);
    private static final Duration WAY = Duration.ofMillis(3);
    private static final Duration WORK = Duration.ofMillis(900);
    private static final int MOST_SAID_AGAIN = 3;

    /** What the server knows of one conversation. */
    private static final class Talk {
        private final String name;
        private final Node by;
        private final Map<String, Long> answersAt = new HashMap<>();
        private final List<Message> said = new ArrayList<>();
        private final List<Wire> listening = new ArrayList<>();

        Talk(String name, Node by) {
            this.name = name;
            this.by = by;
        }
    }

    private final World world;
    private final Options options;
    private final Met met;
    private final History history;
    private final Map<String, Talk> talks = new LinkedHashMap<>();
    private int names;
    private boolean calm;
    private long awayUntil;

    Upstreams(World world, Options options, Met met, History history) {
        this.world = world;
        this.options = options;
        this.met = met;
        this.history = history;
    }

    /** From now on it does what it should. */
    void calm() {
        calm = true;
        awayUntil = 0;
    }

    private boolean fault(double probability) {
        return !calm && options.nemesis() > 0.1 && world.chance(probability);
    }

    private long way() {
        return world.between(AT_LEAST, WAY);
    }

    /** Nobody reaches it for a while. */
    void awayFor(Duration time) {
        awayUntil = world.now() + time.toNanos();
    }

    private boolean isAway() {
        return world.now() < awayUntil;
    }

    /** It starts anew, and knows nobody. */
    void forget() {
        met.note(Met.Case.UPSTREAM_FORGOT);
        List<Talk> all = List.copyOf(talks.values());
        talks.clear();
        all.forEach(talk -> List.copyOf(talk.listening).forEach(wire -> wire.lost(Ending.FORGOTTEN)));
    }

    /** Says something to everybody it talks with. */
    void speak() {
        talks.values().forEach(talk -> {
            Message message = Node.READER.readOne(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"of\":\"" + talk.name
                            + "\",\"n\":" + (talk.said.size() + 1) + "}}");
            talk.said.add(message);
            List.copyOf(talk.listening).forEach(Wire::tell);
        });
    }

    Upstream of(Node node) {
        return new Door(node);
    }

    /** The upstream as one node has it. */
    private final class Door implements Upstream {

        private final Node node;

        Door(Node node) {
            this.node = node;
        }

        @Override
        public String name() {
            return Node.UPSTREAM;
        }

        @Override
        public boolean reachableFromAnyNode() {
            return !options.pipe();
        }

        @Override
        public Link link(String session, LinkState known) {
            return new Wire(node, known.upstreamSession());
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** One node's link with one conversation. */
    private final class Wire implements Link {

        private final Node node;
        private final Map<String, Inbound> underWay = new LinkedHashMap<>();
        private String name;
        private Inbound ear;
        private int heard;
        private int began;
        private boolean released;
        private boolean away;

        Wire(Node node, String name) {
            this.node = node;
            this.name = name;
        }

        private void here(long nanos, Runnable action) {
            world.after(nanos, node.life(), action);
        }

        private void there(long nanos, Runnable action) {
            world.after(nanos, Life.ETERNAL, action);
        }

        @Override
        public Future<Opened> open(Message initialize) {
            Promise<Opened> opened = Promise.promise();
            if (isAway() || fault(0.05)) {
                Ending ending = world.chance(0.5) ? Ending.NOT_SENT : Ending.LOST;
                here(way(), () -> opened.fail(new LinkFailure(ending, "cut")));
                return opened.future();
            }
            there(way(), () -> {
                name = "u" + ++names;
                Talk talk = new Talk(name, node);
                talks.put(name, talk);
                here(
                        way(),
                        () -> opened.complete(new Opened(
                                Node.READER.readOne("{\"jsonrpc\":\"2.0\",\"id\":" + initialize.id()
                                        + ",\"result\":{\"protocolVersion\":\"2025-11-25\"}}"),
                                new LinkState(1, null, name, null, "2025-11-25", null))));
            });
            return opened.future();
        }

        @Override
        public Future<Void> request(Message request, Inbound inbound) {
            Promise<Void> taken = Promise.promise();
            if (isAway() || fault(0.05) || options.pipe() && released) {
                here(way(), () -> refuse(taken, inbound, Ending.NOT_SENT));
                return taken.future();
            }
            underWay.put(request.id(), inbound);
            there(way(), () -> {
                Talk talk = talks.get(name);
                if (talk == null) {
                    here(way(), () -> refuse(taken, inbound, Ending.FORGOTTEN));
                    return;
                }
                carryOut(talk, request);
                here(way(), taken::tryComplete);
                answerLater(talk, request.id(), inbound);
            });
            return taken.future();
        }

        private void refuse(Promise<Void> taken, Inbound inbound, Ending ending) {
            taken.fail(new LinkFailure(ending, "not taken"));
            inbound.ended(ending);
        }

        private void carryOut(Talk talk, Message request) {
            history.executed(request);
            talk.answersAt.put(request.id(), world.now() + world.between(AT_LEAST, WORK));
        }

        private void answerLater(Talk talk, String rpcId, Inbound inbound) {
            long at = talk.answersAt.get(rpcId);
            if (options.resumable()) {
                here(way(), () -> inbound.position("r" + rpcId + ".0"));
            }
            if (fault(0.12)) {
                met.note(Met.Case.ANSWER_LOST_AFTER_EXECUTION);
                here(world.between(WAY, WORK), () -> end(rpcId, inbound, Ending.LOST));
                return;
            }
            there(Math.max(0, at - world.now()) + way(), () -> {
                boolean broken = options.pipe() && (released || !node.isUp());
                if (!broken) {
                    here(way(), () -> answer(rpcId, inbound));
                }
            });
        }

        private void answer(String rpcId, Inbound inbound) {
            if (underWay.get(rpcId) != inbound) {
                return;
            }
            inbound.received(
                    Node.READER.readOne(
                            "{\"jsonrpc\":\"2.0\",\"id\":" + rpcId + ",\"result\":{\"of\":\"" + name + "\"}}"),
                    null);
            end(rpcId, inbound, Ending.DONE);
        }

        private void end(String rpcId, Inbound inbound, Ending ending) {
            if (underWay.remove(rpcId, inbound)) {
                inbound.ended(ending);
            }
        }

        @Override
        public void resume(String rpcId, String lastEventId, Inbound inbound) {
            underWay.put(rpcId, inbound);
            there(way(), () -> {
                Talk talk = talks.get(name);
                if (talk == null || !talk.answersAt.containsKey(rpcId) || options.pipe()) {
                    here(way(), () -> end(rpcId, inbound, Ending.LOST));
                } else {
                    met.note(Met.Case.ANSWER_RESUMED);
                    answerLater(talk, rpcId, inbound);
                }
            });
        }

        @Override
        public Future<Void> send(Message message) {
            Promise<Void> sent = Promise.promise();
            there(way(), () -> {
                boolean known = talks.containsKey(name);
                here(way(), () -> {
                    if (known) {
                        sent.complete();
                    } else {
                        sent.fail(new LinkFailure(Ending.FORGOTTEN, "unknown"));
                    }
                });
            });
            return sent.future();
        }

        // ---- what it says of its own accord

        @Override
        public void listen(String lastEventId, Inbound inbound) {
            ear = inbound;
            there(way(), () -> {
                Talk talk = talks.get(name);
                if (talk == null) {
                    here(way(), () -> inbound.ended(Ending.FORGOTTEN));
                    return;
                }
                heard = lastEventId == null ? talk.said.size() : Integer.parseInt(lastEventId);
                began = heard;
                if (!released && node.isUp()) {
                    if (!options.resumable()) {
                        // Without ids each message goes one way only, and the newest is the one that is there.
                        talk.listening.clear();
                    }
                    talk.listening.add(this);
                    tell();
                }
            });
        }

        /** Tells what was not told yet; sometimes the connection breaks, and what it told last it tells again. */
        private void tell() {
            Talk talk = talks.get(name);
            if (talk == null || away || released || !talk.listening.contains(this)) {
                return;
            }
            if (fault(0.1)) {
                away = true;
                there(world.between(WAY, WORK), this::comeBack);
                return;
            }
            while (heard < talk.said.size()) {
                Message message = talk.said.get(heard++);
                String eventId = options.resumable() ? Integer.toString(heard) : null;
                Inbound to = ear;
                // In the order in which it was said.
                here(WAY.toNanos(), () -> to.received(message, eventId));
            }
        }

        private void comeBack() {
            away = false;
            if (options.resumable()) {
                heard = Math.max(began, heard - world.below(MOST_SAID_AGAIN));
            }
            tell();
        }

        private void lost(Ending ending) {
            Inbound to = ear;
            here(way(), () -> to.ended(ending));
        }

        private void hush() {
            Talk talk = talks.get(name);
            if (talk != null) {
                talk.listening.remove(this);
            }
        }

        @Override
        public void forget(String rpcId) {
            underWay.remove(rpcId);
        }

        @Override
        public Future<Void> close() {
            released = true;
            hush();
            there(way(), () -> talks.remove(name));
            return Future.succeededFuture();
        }

        @Override
        public void release() {
            released = true;
            hush();
            if (options.pipe()) {
                talks.remove(name);
                new LinkedHashMap<>(underWay)
                        .forEach((rpcId, inbound) -> here(0, () -> end(rpcId, inbound, Ending.LOST)));
            }
        }
    }

    /** The pipes of a node that died end with it. */
    void died(Node node) {
        talks.values().forEach(talk -> talk.listening.removeIf(wire -> wire.node == node));
        talks.values().removeIf(talk -> options.pipe() && talk.by == node);
    }
}
