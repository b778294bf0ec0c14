package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a stream costs that has one reader and little or nothing to say; and that nothing of it stays behind. */
class LeanTest {

    private static final int STREAMS = 20_000;
    private static final int MOST_BYTES = 900;
    private static final int MOST_BYTES_IN_PASSING = 16_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Retention LONG = new Retention(1000, 1 << 20, DAY, DAY, DAY);
    private static final Terms TERMS = new Terms(
            new Framing() {
                @Override
                public byte[] encode(Cursor at, Event event) {
                    return Framing.PLAIN.encode(at, event);
                }

                @Override
                public boolean isLast(Event event) {
                    return true;
                }
            },
            true);

    private final Stage stage = new Stage();
    private final Listener listener = new Listener();

    private static Hub hub(Log log) {
        return new Hub(
                log, Relay.NOWHERE, GatewayMetrics.NONE, new Hub.Settings("here", 1000, 1 << 20, Duration.ofDays(1)));
    }

    /** A log that keeps nothing: what it costs is another matter. */
    private static Log keepingNothing() {
        Attached nothing = new Attached(Attached.Standing.HELD, Cursor.origin(1), 1, List.of());
        return (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(),
                new Class<?>[] {Log.class},
                (log, method, arguments) -> Future.succeededFuture(nothing));
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void anIdleReaderOfAStreamOfItsOwnCostsLittle() {
        Hub hub = hub(keepingNothing());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            names.add("mcp:" + i);
        }
        long before = used();

        for (String name : names) {
            hub.attach(name, TERMS, Start.OLDEST, listener, stage.loop);
        }
        stage.loop.turnAll();
        long each = (used() - before) / STREAMS;

        System.out.println("a stream with an idle reader takes " + each + " bytes");
        assertThat(hub.streams()).isEqualTo(STREAMS);
        assertThat(each).isLessThan(MOST_BYTES);
    }

    @Test
    void aStreamOfOneEventLeavesNothingBehind() {
        MemoryLog log = new MemoryLog(LONG, 10, "here", InstantSource.system());
        Hub hub = hub(log);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;

        for (int i = 0; i < 2 * STREAMS; i++) {
            if (i == STREAMS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            oneEvent(hub, "mcp:" + i);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / STREAMS;

        System.out.println("a stream of one event takes " + each + " bytes in passing");
        assertThat(listener.heard).hasSize(3);
        assertThat(hub.streams()).isZero();
        assertThat(each).isLessThan(MOST_BYTES_IN_PASSING);
    }

    /** Ten streams are all the log has room for: whatever it kept would stop it. */
    private void oneEvent(Hub hub, String stream) {
        listener.heard.clear();
        hub.attach(stream, TERMS, Start.OLDEST, listener, stage.loop);
        assertThat(hub.publish(stream, List.of(Event.message("x".repeat(300))), "key")
                        .succeeded())
                .isTrue();
        while (!listener.heard.contains("finished")) {
            stage.ticker.advance(1, TimeUnit.MILLISECONDS);
            stage.loop.turnAll();
        }
        hub.remove(stream, List.of("key"));
    }
}
