package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.stream.Frames;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wheel and its connections with a carrier that can fail, which no real one can be made to do. */
class HeartbeatWheelTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<CloseReason> ends = new CopyOnWriteArrayList<>();
    private final AtomicInteger released = new AtomicInteger();
    private final Connections connections = new Connections(
            loop,
            new Connections.Settings(
                    Duration.ofMillis(60),
                    Duration.ofMillis(180),
                    new Connections.Retry(Duration.ZERO, Duration.ZERO, Duration.ZERO),
                    1000,
                    null,
                    false),
            new GatewayMetrics() {
                @Override
                public void connectionClosed(CloseReason reason, Duration age) {
                    ends.add(reason);
                }
            },
            () -> null);

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    /** Writes nowhere; fails or gets stuck as told. */
    private static final class Wire implements Carrier {
        final AtomicInteger writes = new AtomicInteger();
        final AtomicInteger aborts = new AtomicInteger();
        volatile boolean broken;
        volatile boolean full;

        @Override
        public boolean writable() {
            if (broken) {
                throw new IllegalStateException("planted");
            }
            return !full;
        }

        @Override
        public long unsent() {
            return full ? 100 : 0;
        }

        @Override
        public void whenWritable(Runnable resume) {}

        @Override
        public void write(Frames frames) {
            writes.incrementAndGet();
        }

        @Override
        public void end() {}

        @Override
        public void abort() {
            aborts.incrementAndGet();
        }
    }

    /** Says next to nothing. */
    private enum Terse implements Dialect {
        TERSE;

        private static final byte[] WORD = ":\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public byte[] retry(Duration wait) {
            return new byte[0];
        }

        @Override
        public byte[] position(Cursor cursor) {
            return WORD;
        }

        @Override
        public byte[] gap(Gap gap) {
            return WORD;
        }

        @Override
        public byte[] heartbeat(Instant now) {
            return WORD;
        }
    }

    private Connection connect(Wire wire, Instant expiry) throws Exception {
        return loop.submit(() -> {
                    Visitor visitor = new Visitor("here", "somebody", expiry, released::incrementAndGet);
                    Connection connection = new Connection(connections, wire, Terse.TERSE, visitor);
                    connections.wheel().add(connection);
                    return connection;
                })
                .get();
    }

    private static void eventually(String fact, java.util.function.BooleanSupplier holds) {
        dev.lifeline.gateway.fake.RunningGateway.eventually(fact, holds);
    }

    @Test
    void oneThatFailsIsDroppedAndTheOthersGoOnBeating() throws Exception {
        Wire broken = new Wire();
        Wire sound = new Wire();
        Connection dropped = connect(broken, null);
        connect(sound, null);

        broken.broken = true;

        eventually("it is dropped", () -> broken.aborts.get() == 1);
        int before = sound.writes.get();
        eventually("the other beats", () -> sound.writes.get() > before + 2);
        assertThat(ends).containsExactly(CloseReason.PEER_LOST);
        assertThat(released).hasValue(1);
        assertThat(dropped.isOpen()).isFalse();
    }

    @Test
    void oneThatIsFullIsNotWrittenToAndStalledWhenItsPatienceIsOver() throws Exception {
        Wire wire = new Wire();
        Connection connection = connect(wire, null);
        wire.full = true;
        loop.submit(() -> connection.whenWritable(() -> {})).get();

        eventually("it is stalled", () -> ends.contains(CloseReason.STALLED));

        assertThat(wire.writes).hasValue(0);
        assertThat(wire.aborts).hasValue(1);
    }

    @Test
    void aCredentialThatLastsForAgesIsNoTrouble() throws Exception {
        Wire wire = new Wire();
        Connection connection = connect(wire, Instant.MAX);

        eventually("it beats", () -> wire.writes.get() > 1);

        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.visitor().principal()).isEqualTo("somebody");
        assertThat(connection.events()).isZero();
        assertThat(connection.bytes()).isPositive();
    }

    @Test
    void aCredentialEndsItsConnectionWhenItIsOverAndNotBefore() throws Exception {
        Instant expiry = Instant.now().plusMillis(100);
        connect(new Wire(), expiry);

        eventually("it has ended", () -> !ends.isEmpty());

        assertThat(Instant.now()).isAfterOrEqualTo(expiry);
        assertThat(ends).containsExactly(CloseReason.CREDENTIAL_EXPIRED);
    }

    @Test
    void endingTwiceIsEndingOnce() throws Exception {
        Connection connection = connect(new Wire(), null);

        loop.submit(() -> {
                    connection.end(CloseReason.DRAINED);
                    connection.end(CloseReason.STALLED);
                    connection.closed();
                    connection.broken();
                })
                .get();

        assertThat(ends).containsExactly(CloseReason.DRAINED);
        assertThat(released).hasValue(1);
    }

    @Test
    void aGoodbyeIsReadAsItsProtocolMeansIt() {
        HttpClosedException closed = new HttpClosedException("closed");

        assertThat(Farewell.read(closed, HttpVersion.HTTP_1_1)).isEqualTo(Farewell.LEFT);
        assertThat(Farewell.read(closed, HttpVersion.HTTP_2)).isEqualTo(Farewell.LOST);
        assertThat(Farewell.read(new StreamResetException(8), HttpVersion.HTTP_2))
                .isEqualTo(Farewell.LEFT);
        assertThat(Farewell.read(new IOException("Connection reset by peer"), HttpVersion.HTTP_1_1))
                .isEqualTo(Farewell.LOST);
        assertThat(Farewell.read(new IOException("Connection timed out"), HttpVersion.HTTP_1_1))
                .isEqualTo(Farewell.TIMEOUT);
        assertThat(Farewell.read(new IOException(), HttpVersion.HTTP_1_1)).isEqualTo(Farewell.LOST);
    }
}
