package dev.lifeline.gateway.simulation;

import dev.lifeline.gateway.session.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One history, from its seed: nodes, their Redis, their bus, an upstream and clients, and what befalls them. In the end
 * all faults cease, and everything owed has to arrive.
 */
final class Simulation {

    private static final Duration QUIET = Duration.ofSeconds(14);
    private static final Duration TURN = Duration.ofMillis(250);
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> CHANNELS = List.of("news");

    /** What everybody stands on. */
    static final class Ground {
        private final World world;
        private final Options options;
        private final Plant plant;
        private final Met met = new Met();
        private final History history;
        private final RedisServer redis;
        private final Bus bus;
        private final List<Node> nodes = new ArrayList<>();
        private int numbers;

        Ground(long seed, Plant plant, List<String> lines) {
            this.world = new World(seed);
            this.options = Options.of(seed);
            this.plant = plant;
            this.history = new History(world, options, plant, lines);
            this.redis = new RedisServer(world, options, met, history);
            this.bus = new Bus(world, options);
        }

        World world() {
            return world;
        }

        Options options() {
            return options;
        }

        Plant plant() {
            return plant;
        }

        Met met() {
            return met;
        }

        History history() {
            return history;
        }

        RedisServer redis() {
            return redis;
        }

        Bus bus() {
            return bus;
        }

        /** Those that are up. */
        List<Node> nodes() {
            return nodes;
        }

        int number() {
            return ++numbers;
        }
    }

    private final Ground ground;
    private final World world;
    private final Upstreams upstreams;
    private final Tokens tokens;
    private final List<Node> ever = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Asker> askers = new ArrayList<>();
    private boolean calm;
    private boolean redisAway;

    Simulation(long seed, Plant plant, List<String> lines) {
        this.ground = new Ground(seed, plant, lines);
        this.world = ground.world();
        this.upstreams = new Upstreams(world, ground.options(), ground.met(), ground.history());
        this.tokens = new Tokens(new Random(Options.mixed(seed) + 2));
    }

    Met met() {
        return ground.met();
    }

    /** How much happened; the same for the same seed. */
    long done() {
        return world.done();
    }

    /** Runs it; what must not happen is a {@link Violation}. */
    void run() {
        try {
            begin();
            long end = world.now() + ground.options().active().toNanos();
            world.runUntil(end);
            settle();
            awaitQuiet();
            judge();
        } finally {
            ever.forEach(Node::dispose);
        }
    }

    private void begin() {
        NAMES.subList(0, ground.options().nodes()).forEach(this::start);
        for (String channel : CHANNELS) {
            Writer writer = new Writer(ground, "w" + channel, channel);
            writers.add(writer);
            often(180, writer::publish);
            for (int i = 0; i < 2; i++) {
                Listener listener = new Listener(ground, "l" + i + channel, channel);
                listeners.add(listener);
                world.after(0, Life.ETERNAL, listener::connect);
                often(1500, listener::stray);
            }
        }
        for (int i = 0; i < 2; i++) {
            Asker asker = new Asker(ground, "client" + i);
            askers.add(asker);
            world.after(0, Life.ETERNAL, asker::begin);
            often(300, asker::ask);
            often(1500, asker::stray);
            often(30_000, asker::close);
        }
        often(400, upstreams::speak);
        often((long) (1000 / ground.options().nemesis()), this::befall);
        often(2000, ground.redis()::save);
    }

    /** Again and again, about so often, until all is calm. */
    private void often(long millis, Runnable action) {
        long wait = (long) (-Math.log(1 - world.random().nextDouble()) * millis * 1_000_000);
        world.after(wait, Life.ETERNAL, () -> {
            if (!calm) {
                action.run();
                often(millis, action);
            }
        });
    }

    // ---- nodes

    private Node start(String name) {
        Node node = new Node(ground, name, tokens, upstreams);
        ground.history().tell(() -> "node       " + node.id() + " begins");
        ever.add(node);
        ground.nodes().add(node);
        return node;
    }

    private void kill(Node node) {
        ground.met().note(Met.Case.NODE_DIED);
        ground.history().tell(() -> "node       " + node.id() + " dies");
        ground.nodes().remove(node);
        node.life().end();
        ground.bus().leave(node);
        ground.redis().cut(node.life());
        upstreams.died(node);
        listeners.forEach(guest -> guest.died(node));
        askers.forEach(guest -> guest.died(node));
        long away = Duration.ofMillis(world.below(3000)).toNanos();
        world.after(away, Life.ETERNAL, () -> {
            ground.met().note(Met.Case.NODE_CAME_BACK_UNDER_ITS_NAME);
            start(node.name());
        });
    }

    // ---- what befalls them

    private void befall() {
        Node node = ground.nodes().isEmpty()
                ? null
                : ground.nodes().get(world.below(ground.nodes().size()));
        switch (world.below(13)) {
            case 0, 1 -> whereThereIs(node, this::kill);
            case 2, 3 -> whereThereIs(node, this::freeze);
            case 4 -> whereThereIs(node, this::leave);
            case 5, 6 -> redisGoes();
            case 7 -> cutTheBus();
            case 8 -> slow();
            case 9 -> upstreams.forget();
            case 11 -> upstreams.awayFor(Duration.ofMillis(300 + world.below(4000)));
            case 10 -> whereThereIs(node, it -> ground.redis().cut(it.life()));
            default -> jump();
        }
    }

    private static void whereThereIs(Node node, java.util.function.Consumer<Node> action) {
        if (node != null) {
            action.accept(node);
        }
    }

    private void freeze(Node node) {
        ground.met().note(Met.Case.NODE_FROZE);
        Duration time = Duration.ofMillis(100 + world.below(2500));
        ground.history().tell(() -> "node       " + node.id() + " stands still for " + time);
        node.life().freezeUntil(world.now() + time.toNanos());
    }

    /** It is told to stop, gives back its lease, and is gone a little later. */
    private void leave(Node node) {
        node.leave();
        world.after(Duration.ofMillis(30).toNanos(), Life.ETERNAL, () -> {
            if (node.isUp()) {
                kill(node);
            }
        });
    }

    private void redisGoes() {
        if (redisAway) {
            return;
        }
        redisAway = true;
        ground.met().note(Met.Case.REDIS_AWAY);
        boolean silently = world.chance(0.3);
        ground.history().tell(() -> "redis      goes" + (silently ? " silently" : ""));
        ground.redis().stop(silently);
        world.after(Duration.ofMillis(50 + world.below(2500)).toNanos(), Life.ETERNAL, this::redisReturns);
    }

    private void redisReturns() {
        int how = world.below(10);
        if (how == 0) {
            ground.redis().wipe();
            lose(Met.Case.AFTER_REDIS_LOST_EVERYTHING);
        } else if (how < 4 && ground.redis().restore()) {
            lose(Met.Case.AFTER_REDIS_LOST_ITS_TAIL);
        } else {
            ground.met().note(Met.Case.AFTER_REDIS_RESTARTED_INTACT);
        }
        redisAway = false;
        ground.redis().start();
        ground.history().tell(() -> "redis      returns");
    }

    private void lose(Met.Case which) {
        ground.met().note(which);
        ground.history().tell(() -> "redis      " + which);
        ground.history().lost(ground.redis().commands().keys());
    }

    private void cutTheBus() {
        ground.met().note(Met.Case.BUS_CUT_ONE_WAY);
        String from = NAMES.get(world.below(NAMES.size()));
        String to = NAMES.get(world.below(NAMES.size()));
        ground.bus().cut(from, to, Duration.ofMillis(200 + world.below(4000)));
    }

    private void slow() {
        ground.redis().slowFor(Duration.ofMillis(200 + world.below(2000)));
    }

    private void jump() {
        if (world.chance(0.2)) {
            ground.met().note(Met.Case.CLOCK_JUMPED);
            ground.history().jumped();
            ground.redis().jump(Duration.ofMillis(world.below(6000) - 3000));
        }
    }

    // ---- the end

    /** No more faults, and everybody who has gone comes back. */
    private void settle() {
        ground.history().tell(() -> "all is calm");
        calm = true;
        ground.redis().calm();
        ground.bus().heal();
        upstreams.calm();
        for (int second = 0; second < QUIET.toSeconds() - 4; second++) {
            world.after(Duration.ofSeconds(second).toNanos(), Life.ETERNAL, () -> {
                listeners.forEach(Listener::connect);
                askers.forEach(Asker::listen);
            });
        }
    }

    /** As long as something is owed, but not for ever. */
    private void awaitQuiet() {
        long end = world.now() + QUIET.toNanos();
        do {
            world.runUntil(world.now() + TURN.toNanos());
        } while (world.now() < end && !isQuiet());
    }

    private boolean isQuiet() {
        return listeners.stream().allMatch(Listener::isAtTail)
                && askers.stream().allMatch(Asker::isDone);
    }

    private void judge() {
        writers.forEach(Writer::requireKept);
        ground.history().requireNothingTwice();
        ground.history().requireThatOnlyTheMissedLost();
        askers.forEach(Asker::requireAllAnswered);
        askers.forEach(Asker::requireOrder);
        listeners.forEach(Listener::requireAtTail);
        askers.forEach(Asker::requireAtTail);
    }
}
