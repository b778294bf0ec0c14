package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.MicrometerMetrics;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import dev.lifeline.gateway.time.VertxTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** Nodes over one store and one log, and an upstream that does as it is told: the engine without a socket. */
final class EngineStage implements AutoCloseable {

    static final Caller ANN = new Caller("ann", "scripted");
    static final Session.Owner OWNER = new Session.Owner("ann", Session.Transport.STREAMABLE, "10.0.0.1", null);
    static final Duration PATIENCE = Duration.ofMillis(200);

    private static final MessageReader READER = new MessageReader(64);
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"%s\",\"version\":\"1\"}}}";

    final ScriptedUpstream upstream;
    final MemorySessions store = new MemorySessions(1000, InstantSource.system());
    private final ForgetfulStore forgetful = new ForgetfulStore(store);
    final List<String> pauses = new CopyOnWriteArrayList<>();

    private final Vertx vertx = Vertx.vertx();
    private final Duration life;
    private final MemoryLog log;
    private final Bus bus = new Bus();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();

    /** One node. */
    record Node(NodeSessions sessions, Keeper keeper) {}

    EngineStage(ScriptedUpstream upstream) {
        this(upstream, Duration.ofMinutes(1));
    }

    EngineStage(ScriptedUpstream upstream, Duration life) {
        this.upstream = upstream;
        this.life = life;
        Duration day = Duration.ofDays(1);
        log = new MemoryLog(new Retention(1000, 1_000_000, day, day, day), 10_000, "a", InstantSource.system());
    }

    static Message message(String text) {
        return READER.readOne(text);
    }

    static Message initialize(String client) {
        return message(INITIALIZE.formatted(client));
    }

    static Message request(int id, String method) {
        return message("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}");
    }

    static Message call(int id) {
        return message(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"pay\"}}");
    }

    static Message notification(String method) {
        return message("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
    }

    /** The node of this name, started when first asked for. */
    Node node(String name) {
        return nodes.computeIfAbsent(name, this::start);
    }

    private Node start(String name) {
        Hub hub = new Hub(
                log,
                Relay.NOWHERE,
                new MicrometerMetrics(new SimpleMeterRegistry()),
                new Hub.Settings(name, 100, 100_000, Duration.ofSeconds(1)));
        Means means = new Means(
                new VertxTime(vertx),
                Tokens.STRONG,
                name,
                forgetful.store(),
                hub,
                bus.courier(name),
                Map.of("scripted", upstream),
                SessionMetrics.NONE,
                READER,
                new Replying(pauses),
                new Means.Settings(
                        life, Duration.ZERO, life, Set.of("toolman"), PATIENCE, tries -> Duration.ofMillis(5), 8));
        NodeSessions sessions = new NodeSessions(means);
        return new Node(sessions, new Keeper(means, sessions));
    }

    /** The node no longer answers, and nobody counts it as alive. */
    void kill(String name) {
        bus.kill(name);
    }

    /** The nodes' next call of this name is lost on its way to the store or back. */
    void forgets(String call, ForgetfulStore.Loss what) {
        forgetful.lose(call, what);
    }

    /** Questions to a node fail so, though it counts as alive; null heals it. */
    void deafen(String name, Ending how) {
        bus.deafen(name, how);
    }

    /** A node has ceased to say that it is alive, and does not answer, and is not known to be dead yet. */
    void silence(String name) {
        bus.deafen(name, Ending.NOT_SENT);
        bus.silent.add(name);
    }

    /** A session that has been introduced on node a. */
    Session begun(String client) {
        return await(node("a").sessions().begin(OWNER, "scripted", initialize(client)))
                .session()
                .orElseThrow();
    }

    Session accept(String node, Session session, String post, Message... messages) {
        return await(
                node(node).sessions().accept(ANN, session.id(), List.of(messages), Session.stream(session.id(), post)));
    }

    /** Everything in a stream. */
    List<Event> stream(Session session, String post) {
        String name = post == null ? session.stream() : Session.stream(session.id(), post);
        return await(log.read(name, null, 1000)).events();
    }

    /** Everything in a POST's stream once its last event is there. */
    List<Event> finished(Session session, String post) {
        eventually(
                "the stream is over",
                () -> stream(session, post).stream()
                        .anyMatch(event -> event.type().equals(Sessions.LAST)));
        return stream(session, post);
    }

    /** The data of the one event in a POST's stream, its last. */
    String outcome(Session session, String post) {
        List<Event> events = finished(session, post);
        if (events.size() != 1) {
            throw new AssertionError(events);
        }
        return events.get(0).data();
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    /** Notes what it is told. */
    private record Replying(List<String> pauses) implements Means.Replies {

        @Override
        public void streams(String stream) {
            pauses.add("streams " + stream);
        }

        @Override
        public void paused(String stream, long retryMillis) {
            pauses.add(stream);
        }
    }

    /** Couriers between the nodes of this stage. */
    private static final class Bus {

        private final Map<String, Map<String, BiFunction<String, String, Future<String>>>> answers =
                new ConcurrentHashMap<>();

        private final Map<String, Ending> deaf = new ConcurrentHashMap<>();
        private final Set<String> silent = ConcurrentHashMap.newKeySet();

        void kill(String node) {
            answers.remove(node);
        }

        void deafen(String node, Ending how) {
            if (how == null) {
                deaf.remove(node);
            } else {
                deaf.put(node, how);
            }
        }

        Courier courier(String self) {
            answers.put(self, new ConcurrentHashMap<>());
            return new Courier() {
                @Override
                public Future<String> ask(String node, String subject, String question) {
                    if (deaf.containsKey(node)) {
                        return Future.failedFuture(new LinkFailure(deaf.get(node), "deaf"));
                    }
                    var there = answers.getOrDefault(node, Map.of()).get(subject);
                    return there == null
                            ? Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "no such node"))
                            : there.apply(self, question);
                }

                @Override
                public void answer(String subject, BiFunction<String, String, Future<String>> how) {
                    answers.get(self).put(subject, how);
                }

                @Override
                public Set<String> alive() {
                    return Set.copyOf(answers.keySet());
                }

                @Override
                public boolean isDead(String node) {
                    return !answers.containsKey(node);
                }

                @Override
                public Future<Boolean> isSilent(String node) {
                    return Future.succeededFuture(isDead(node) || silent.contains(node));
                }
            };
        }
    }

    /** Names of methods among what was sent, in order, without those that every session begins with. */
    List<String> asked() {
        return upstream.methods().stream()
                .filter(method -> !Arrays.asList("initialize", "notifications/initialized")
                        .contains(method))
                .toList();
    }
}
