package dev.lifeline.gateway.simulation;

import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.RedisLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Keeper;
import dev.lifeline.gateway.session.Means;
import dev.lifeline.gateway.session.NodeSessions;
import dev.lifeline.gateway.session.RedisSessions;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.SessionMetrics;
import dev.lifeline.gateway.session.Tokens;
import dev.lifeline.gateway.session.Upstream;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Outlet;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.gateway.stream.Subscription;
import dev.lifeline.gateway.stream.Terms;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One life of a node: the gateway's own parts, put together as the gateway does it, upon what the world lends them. */
final class Node {

    static final String UPSTREAM = "simulated";
    static final Duration LEASE = Duration.ofMillis(900);
    static final Duration SESSION_LIFE = Duration.ofSeconds(12);
    static final MessageReader READER = new MessageReader(64);

    private static final String PREFIX = "l";
    private static final Duration REDIS_TIMEOUT = Duration.ofMillis(600);
    private static final Duration REDIS_WAIT = Duration.ofSeconds(2);
    private static final Duration CHECKS = Duration.ofMillis(400);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofDays(1);
    private static final int CHECKS_PER_ATTENDANCE = 4;

    private final World world;
    private final String name;
    private final String id;
    private final Life life = new Life();
    private final Hub hub;
    private final NodeLease lease;
    private final NodeSessions sessions;
    private final RedisSessions store;
    private final Bus.Desk desk;
    private final Log log;
    private final RedisLink link;
    private final List<LifeLoop> loops;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean checking;

    Node(Simulation.Ground ground, String name, Tokens tokens, Upstreams upstreams) {
        this.world = ground.world();
        this.name = name;
        this.id = name + "~" + tokens.brief();
        LifeTime time = new LifeTime(world, life);
        Options options = ground.options();
        link = new RedisLink(
                time.vertx(),
                new RedisLink.Settings(new RedisOptions(), REDIS_TIMEOUT, REDIS_WAIT, 10_000),
                new RedisLink.Outside(
                        time::nanos,
                        bound -> world.random().nextLong(bound),
                        asked -> ground.redis().client(life)));
        Retention retention = new Retention(options.kept(), 1 << 20, options.age(), LONG, LONG);
        Log real =
                new RedisLog(link, PREFIX, id, CHECKS.multipliedBy(CHECKS_PER_ATTENDANCE), retention, Session::family);
        log = new WatchedLog(ground.plant().log(real, world), this, ground.history());
        lease = new NodeLease(time, link, PREFIX, new Member(id, "127.0.0.1", 1), LEASE);
        desk = ground.bus().desk(this, lease);
        Courier courier = ground.plant().courier(desk);
        loops = List.of(new LifeLoop(world, life), new LifeLoop(world, life));
        hub = new Hub(
                log,
                ground.bus().relay(this),
                counting(ground.met()),
                new Hub.Settings(id, options.ring(), 1 << 16, Duration.ofMillis(500), 1 << 24),
                time::nanos);
        store = new RedisSessions(link, PREFIX, 1000);
        Upstream upstream = ground.plant().upstream(upstreams.of(this));
        Means means = new Means(
                time,
                tokens,
                id,
                store,
                hub,
                courier,
                Map.of(UPSTREAM, upstream),
                new Counted(ground.met(), ground.history()),
                READER,
                new Silent(),
                new Means.Settings(SESSION_LIFE, Duration.ZERO, Duration.ZERO, Set.of(), PATIENCE, Node::pause, 1000));
        sessions = new NodeSessions(means);
        Keeper keeper = new Keeper(means, sessions);
        begin(ground, time, keeper);
    }

    private void begin(Simulation.Ground ground, LifeTime time, Keeper keeper) {
        lease.onLapsed(dead -> {
            ground.met().note(Met.Case.LEASE_LAPSED);
            if (ground.bus().isUp(dead)) {
                ground.met().note(Met.Case.TAKEN_OVER_WHILE_ALIVE);
            }
            keeper.takeOver(dead);
        });
        link.onAvailable(available -> {
            if (available && ground.plant() != Plant.NOBODY_CHECKS) {
                hub.checkPositions();
            }
        });
        ground.bus().join(this);
        link.start().transform(attempt -> lease.start());
        keeper.start();
        if (ground.plant() != Plant.NOBODY_CHECKS) {
            time.every(CHECKS, this::checkPositions);
        }
    }

    private void checkPositions() {
        if (!checking) {
            checking = true;
            hub.checkPositions().onComplete(done -> checking = false);
        }
    }

    private static Duration pause(int tries) {
        return Duration.ofMillis(Math.min(1000, 100L << Math.min(tries - 1, 6)));
    }

    String name() {
        return name;
    }

    String id() {
        return id;
    }

    Life life() {
        return life;
    }

    Hub hub() {
        return hub;
    }

    NodeSessions sessions() {
        return sessions;
    }

    RedisSessions store() {
        return store;
    }

    Log log() {
        return log;
    }

    Bus.Desk desk() {
        return desk;
    }

    boolean isUp() {
        return !life.ended();
    }

    Subscription attach(String stream, Terms terms, Start start, Outlet outlet) {
        Subscription subscription = hub.attach(stream, terms, start, outlet, loops.get(world.below(loops.size())));
        subscriptions.add(subscription);
        return subscription;
    }

    /** Gives its lease back, as one does that is told to stop. */
    void leave() {
        lease.end();
    }

    /** Gives back what it holds outside the heap; nothing of it runs any more. */
    void dispose() {
        life.end();
        subscriptions.forEach(Subscription::close);
        hub.views().map(Hub.View::stream).toList().forEach(hub::remove);
    }

    private static GatewayMetrics counting(Met met) {
        return new GatewayMetrics() {
            @Override
            public void deduplicated(int events) {
                met.note(Met.Case.DUPLICATE_DROPPED);
            }

            @Override
            public void lagged() {
                met.note(Met.Case.READER_LAGGED);
            }
        };
    }

    /** Counts what becomes of sessions. */
    private record Counted(Met met, History history) implements SessionMetrics {

        /** After these somebody may be held for dead. */
        private static final Set<Met.Case> MISSED =
                Set.of(Met.Case.LEASE_LAPSED, Met.Case.NODE_DIED, Met.Case.NODE_FROZE, Met.Case.REDIS_AWAY);

        @Override
        public void sessionOpened(String transport) {}

        @Override
        public void sessionClosed(String reason) {
            met.note(Met.Case.SESSION_ENDED);
        }

        @Override
        public void exchangeSettled(String outcome, Duration took) {}

        @Override
        public void linkRenewed(String upstream) {}

        @Override
        public void takenOver(int exchanges) {
            history.takenOver(MISSED.stream().anyMatch(which -> met.count(which) > 0));
            met.note(Met.Case.TAKEN_OVER);
        }
    }

    private record Silent() implements Means.Replies {

        @Override
        public void streams(String stream) {}

        @Override
        public void paused(String stream, long retryMillis) {}
    }
}
