package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real threads on all sides: publishers overtake each other between append and deliver, while readers come, go and fill
 * up. Nobody checks positions here: every event has to arrive by the wake-ups alone.
 */
class ThreadsTest {

    private static final int PUBLISHERS = 3;
    private static final int EACH = 5_000;
    private static final int ALL = PUBLISHERS * EACH;
    private static final int READERS = 24;
    private static final Duration DAY = Duration.ofDays(1);

    private final List<EventLoop> loops = List.of(new DefaultEventLoop(), new DefaultEventLoop());
    private final Hub hub = new Hub(
            new MemoryLog(new Retention(ALL, Long.MAX_VALUE, DAY, DAY, DAY), 10, "here", InstantSource.system()),
            Relay.NOWHERE,
            GatewayMetrics.NONE,
            new Hub.Settings("here", 200, 1 << 20, DAY));

    @AfterEach
    void stop() {
        loops.forEach(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }

    /** Counts events, every so often with a full socket or a new connection, and knows when it has them all. */
    private final class Counting implements Outlet {
        private final EventLoop loop;
        private final CompletableFuture<Integer> complete = new CompletableFuture<>();
        private Subscription subscription;
        private Cursor cursor;
        private int events;
        private int writes;

        private Counting(EventLoop loop) {
            this.loop = loop;
        }

        private void attach(Start start) {
            subscription = hub.attach("busy", start, this, loop);
        }

        @Override
        public void broken() {
            complete.completeExceptionally(new AssertionError("dropped"));
        }

        @Override
        public boolean writable() {
            return writes % 7 != 6;
        }

        @Override
        public void whenWritable(Runnable resume) {
            writes++;
            loop.execute(resume);
        }

        @Override
        public void write(Frames frames) {
            if (!frames.last().equals(cursor.plus(frames.events()))) {
                complete.completeExceptionally(new AssertionError("not what follows " + cursor));
            }
            writes++;
            events += frames.events();
            cursor = frames.last();
            if (events >= ALL) {
                complete.complete(events);
            } else if (writes % 50 == 0) {
                subscription.close();
                loop.execute(() -> attach(new Start(Start.Kind.AFTER, cursor)));
            }
        }

        @Override
        public void position(Cursor at) {
            cursor = at;
        }

        @Override
        public void gap(Gap gap) {
            complete.completeExceptionally(new AssertionError(gap.toString()));
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyEventArrivesByWakeUpsAlone() {
        List<Counting> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Counting reader = new Counting(loops.get(i % loops.size()));
            readers.add(reader);
            reader.loop.execute(() -> reader.attach(Start.OLDEST));
        }
        AtomicInteger said = new AtomicInteger();

        for (int i = 0; i < PUBLISHERS; i++) {
            new Thread(() -> publish(said)).start();
        }

        assertThat(readers).allSatisfy(it -> assertThat(it.complete.join()).isEqualTo(ALL));
    }

    private void publish(AtomicInteger said) {
        for (int i = 0; i < EACH; i++) {
            hub.publish("busy", List.of(Event.message("e" + said.getAndIncrement())), null);
        }
    }
}
