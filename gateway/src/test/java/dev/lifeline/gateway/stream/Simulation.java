package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A run of two nodes with one stream, every choice drawn from one seed: who publishes, who comes and goes, which socket
 * is full, which message between the nodes is lost, doubled or late, when the log answers, and what it has forgotten.
 */
final class Simulation {

    /** What is wrong on purpose, to see whether the oracle notices. */
    enum Plant {
        NONE,
        SOCKET_LOSES,
        SOCKET_DOUBLES,
        SOCKET_SWAPS,
        LOG_SKIPS,
        LOG_CRIES_WOLF,
        NOBODY_CHECKS,
        LOG_LETS_ALL_IN
    }

    private static final String STREAM = "s";
    private static final int STEPS = 300;
    private static final int MOST_TURNS_TO_SETTLE = 20_000;
    private static final int CHECKS_TO_SETTLE = 3;

    private record Node(Hub hub, List<ManualLoop> loops) {}

    /** One that attends; or did, for nobody tells the node that its client has gone. */
    private record Reader(Node node, Client client, Subscription subscription) {}

    private final MockTicker ticker = Ticker.newMockTicker();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Runnable> bus = new ArrayList<>();
    private final History history = new History();
    private final Random random;
    private final Plant plant;
    private final Terms terms;
    private final SimulatedLog log;
    private int said;
    private long delivered;

    Simulation(long seed, Plant plant, boolean exclusive) {
        this.random = new Random(seed);
        this.plant = plant;
        this.terms = new Terms(Framing.PLAIN, exclusive);
        this.log = new SimulatedLog(random, 3 + random.nextInt(40), history);
        if (plant == Plant.LOG_SKIPS) {
            log.lie = Simulation::skipping;
        } else if (plant == Plant.LOG_CRIES_WOLF) {
            log.lie = Simulation::crying;
        }
        log.claims.lax = plant == Plant.LOG_LETS_ALL_IN;
        for (String name : List.of("a", "b")) {
            Hub.Settings settings = new Hub.Settings(
                    name,
                    1 + random.nextInt(30),
                    1 << (8 + random.nextInt(12)),
                    seed % 2 == 0 ? Duration.ofDays(1) : Duration.ZERO);
            Hub hub = new Hub(log.node(name), new Bus(), GatewayMetrics.NONE, settings);
            nodes.add(new Node(hub, List.of(new ManualLoop(ticker), new ManualLoop(ticker))));
        }
    }

    private static Page skipping(Page page) {
        if (page.events().size() < 3) {
            return page;
        }
        List<Event> events = new ArrayList<>(page.events());
        events.remove(1);
        return new Page(page.gap(), page.start(), events, page.tail());
    }

    private static Page crying(Page page) {
        Gap gap = new Gap(page.start(), page.start(), Gap.Reason.EVICTED);
        return page.gap() != null || page.events().isEmpty()
                ? page
                : new Page(gap, page.start(), page.events(), page.tail());
    }

    /** Of what is sent, one in ten is lost, one in ten comes twice, and nothing comes at once. */
    private final class Bus implements Relay {

        @Override
        public void relay(List<String> others, String stream, Cursor first, List<Event> events) {
            others.forEach(other -> send(() -> hub(other).deliver(STREAM, first, events)));
        }

        @Override
        public void nudge(List<String> others, String stream) {
            others.forEach(other -> send(() -> hub(other).checkPosition(stream)));
        }

        private Hub hub(String name) {
            return nodes.get(name.equals("a") ? 0 : 1).hub();
        }

        private void send(Runnable message) {
            int copies = plant == Plant.NOBODY_CHECKS ? 0 : random.nextInt(10);
            for (int i = 0; i < (copies == 0 ? 0 : copies == 1 ? 2 : 1); i++) {
                bus.add(message);
            }
        }
    }

    /** Runs to the end, and says how many events clients received; an {@link AssertionError} is the oracle's verdict. */
    long run() {
        for (int i = 0; i < STEPS; i++) {
            act();
        }
        settle();
        readers.forEach(this::requireAtTailOrSuperseded);
        closeAll();
        return delivered;
    }

    private void act() {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> publish();
            case 3 -> attach(start());
            case 4 -> comeBack();
            case 5 -> check(any(nodes));
            case 6 -> ticker.advance(random.nextInt(3), TimeUnit.MILLISECONDS);
            case 7 -> log.setAway(random.nextInt(4) == 0);
            case 8 -> mishap();
            case 9, 10, 11 -> carry();
            case 12, 13, 14 -> often(log::step);
            case 15, 16 -> often(() -> any(any(nodes).loops()).turn());
            default -> often(this::drainOne);
        }
    }

    private void often(BooleanSupplier step) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            step.getAsBoolean();
        }
    }

    private void check(Node node) {
        if (plant != Plant.NOBODY_CHECKS) {
            node.hub().checkPositions();
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void publish() {
        List<Event> events = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            events.add(Event.message("e" + said++ + "x".repeat(random.nextInt(60))));
        }
        any(nodes).hub().publish(STREAM, events, null);
    }

    private Start start() {
        List<Cursor> positions = history.positions();
        return switch (random.nextInt(8)) {
            case 0 -> Start.OLDEST;
            case 1 -> Start.after("no cursor");
            case 2 -> new Start(Start.Kind.AFTER, log.tail().plus(1_000));
            case 3 -> new Start(Start.Kind.AFTER, log.base());
            case 4, 5 -> positions.isEmpty() ? Start.TAIL : new Start(Start.Kind.AFTER, any(positions));
            default -> Start.TAIL;
        };
    }

    private void attach(Start start) {
        Node node = any(nodes);
        ManualLoop loop = any(node.loops());
        Client client = new Client(history, ticker, 1 + random.nextInt(600), start);
        Outlet outlet = plant.name().startsWith("SOCKET") ? new BrokenSocket(client, plant, random) : client;
        log.claims.expecting = true;
        Subscription subscription = node.hub().attach(STREAM, terms, start, outlet, loop);
        log.claims.expecting = false;
        if (terms.exclusive()) {
            client.claimsAs(log.claims);
        }
        readers.add(new Reader(node, client, subscription));
    }

    /**
     * A client loses its connection, and comes back to any node with what it has. The node that had it may not know yet
     * that it has gone; to a stream with one reader that makes no difference.
     */
    private void comeBack() {
        if (!readers.isEmpty()) {
            Reader reader = terms.exclusive() ? readers.get(readers.size() - 1) : any(readers);
            Cursor cursor = reader.client().cursor();
            if (terms.exclusive() && random.nextBoolean()) {
                reader.client().cut();
            } else {
                readers.remove(reader);
                leave(reader);
            }
            attach(cursor == null ? Start.TAIL : new Start(Start.Kind.AFTER, cursor));
        }
    }

    private void leave(Reader reader) {
        reader.subscription().close();
        reader.client().cut();
        delivered += reader.client().events;
    }

    /** Rarely, the store goes back in time; it is the nodes' memory that tells. */
    private void mishap() {
        if (random.nextInt(10) == 0) {
            log.forget(random.nextInt(10));
            nodes.forEach(this::check);
        }
    }

    private void carry() {
        if (!bus.isEmpty()) {
            bus.remove(random.nextInt(bus.size())).run();
        }
    }

    private boolean drainOne() {
        return !readers.isEmpty() && any(readers).client().drain();
    }

    /** No more faults: a few position checks later everyone has everything, and nothing stirs. */
    private void settle() {
        log.setAway(false);
        bus.clear();
        calm();
        for (int i = 0; i < CHECKS_TO_SETTLE; i++) {
            nodes.forEach(this::check);
            calm();
        }
    }

    private void calm() {
        int turns = 0;
        while (stir()) {
            if (++turns > MOST_TURNS_TO_SETTLE) {
                throw new AssertionError("it does not come to rest");
            }
        }
    }

    private boolean stir() {
        boolean stirred = log.step();
        for (Node node : nodes) {
            for (ManualLoop loop : node.loops()) {
                stirred |= loop.turn();
                stirred |= !loop.isIdle();
            }
        }
        for (Reader reader : readers) {
            stirred |= reader.client().drain();
        }
        ticker.advance(1, TimeUnit.MILLISECONDS);
        return stirred;
    }

    private void requireAtTailOrSuperseded(Reader reader) {
        Subscription.Phase phase = reader.subscription().phase();
        boolean newest = readers.indexOf(reader) == readers.size() - 1;
        if (terms.exclusive() && !newest) {
            if (phase != Subscription.Phase.CLOSED || !reader.client().isSuperseded()) {
                throw new AssertionError("a reader that was superseded is still " + phase);
            }
            return;
        }
        boolean there =
                log.tail().equals(reader.client().cursor()) || reader.client().isCut();
        if (!there || phase != Subscription.Phase.LIVE) {
            throw new AssertionError("a reader stays " + phase + " at "
                    + reader.client().cursor() + " (" + reader.subscription().cursor() + "), the tail is "
                    + log.tail());
        }
    }

    private void closeAll() {
        readers.forEach(this::leave);
        calm();
        nodes.forEach(this::check);
        calm();
    }
}
