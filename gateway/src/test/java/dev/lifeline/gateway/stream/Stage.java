package dev.lifeline.gateway.stream;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A hub on a loop and a log that are the test's, and one stream to play on. */
final class Stage {

    static final String STREAM = "play";

    final MockTicker ticker = Ticker.newMockTicker();
    final ManualLoop loop = new ManualLoop(ticker);
    final List<String> counted = new ArrayList<>();
    final LaterLog log;
    final Hub hub;

    private final GatewayMetrics metrics = new GatewayMetrics() {
        @Override
        public void resumed(boolean fromRing) {
            counted.add(fromRing ? "hit" : "miss");
        }

        @Override
        public void deduplicated(int events) {
            counted.add("deduplicated " + events);
        }

        @Override
        public void published(int events) {
            counted.add("published " + events);
        }

        @Override
        public void gap(String reason) {
            counted.add("gap " + reason);
        }

        @Override
        public void lagged() {
            counted.add("lagged");
        }
    };

    Stage() {
        this(1000, 1 << 20, Duration.ZERO, new LaterLog(1000));
    }

    Stage(int ringEvents, long ringBytes, Duration linger, LaterLog log) {
        this.log = log;
        this.hub = new Hub(log, Relay.NOWHERE, metrics, new Hub.Settings("here", ringEvents, ringBytes, linger));
    }

    Subscription attach(Outlet outlet, Start start) {
        return hub.attach(STREAM, start, outlet, loop);
    }

    Subscription attach(Terms terms, Outlet outlet, Start start) {
        return hub.attach(STREAM, terms, start, outlet, loop);
    }

    /** A reader of what is to come, which has been told where it stands. */
    Listener listening() {
        Listener listener = new Listener();
        attach(listener, Start.TAIL);
        play();
        listener.heard.clear();
        return listener;
    }

    Appended publish(String... data) {
        return hub.publish(STREAM, events(data), null).result();
    }

    static List<Event> events(String... data) {
        return Stream.of(data).map(Event::message).toList();
    }

    static String[] numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    /** Lets everything happen that can, and fails if it never comes to an end. */
    void play() {
        int turns = 0;
        while (!loop.isIdle()) {
            if (turns++ > 100_000) {
                throw new AssertionError("it does not come to rest");
            }
            loop.turn();
            ticker.advance(100, TimeUnit.MICROSECONDS);
        }
    }
}
