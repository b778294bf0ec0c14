package dev.lifeline.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.fake.RunningGateway;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay on an event bus that has one node; over several it is tested in {@code clustered}. */
class EventBusRelayTest {

    private static final int PATIENCE_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    private EventBusRelay relay;

    @BeforeEach
    void listen() {
        relay = new EventBusRelay(vertx);
        RunningGateway.await(relay.listen("here", sink));
    }

    @AfterEach
    void close() {
        RunningGateway.await(vertx.close());
    }

    private final RelayCodec.Sink sink = new RelayCodec.Sink() {
        @Override
        public void deliver(String stream, Cursor first, List<Event> events) {
            events.forEach(event -> delivered.add(stream + " " + first + " " + event.data()));
        }

        @Override
        public void nudge(String stream) {
            delivered.add("check " + stream);
        }
    };

    private String next() throws InterruptedException {
        return delivered.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void relay(String node, long sequence, String data) {
        relay.relay(List.of(node), "s", new Cursor(1, sequence), List.of(Event.message(data)));
    }

    @Test
    void whatIsRelayedToANodeIsDeliveredThereInOrder() throws Exception {
        relay("here", 1, "one");
        relay("here", 2, "two");

        assertThat(next()).isEqualTo("s 1-1 one");
        assertThat(next()).isEqualTo("s 1-2 two");
    }

    @Test
    void whatGathersDuringATurnGoesAsOneMessageToEachNode() throws Exception {
        BlockingQueue<Buffer> messages = new LinkedBlockingQueue<>();
        for (String node : List.of("b", "c")) {
            RunningGateway.await(vertx.eventBus()
                    .<Buffer>consumer(EventBusRelay.address(node), message -> {
                        if (message.replyAddress() == null) {
                            messages.add(message.body());
                        }
                    })
                    .completion());
        }
        CountDownLatch gathered = new CountDownLatch(1);
        holdUpUntil(gathered);
        for (int i = 1; i <= 100; i++) {
            relay.relay(List.of("b", "c"), "s", new Cursor(1, i), List.of(Event.message("e" + i)));
        }
        gathered.countDown();

        for (int node = 0; node < 2; node++) {
            Buffer message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            RelayCodec.decode(message, sink);
            assertThat(delivered).hasSize(100);
            delivered.clear();
        }
        assertThat(messages).isEmpty();
    }

    private void holdUpUntil(CountDownLatch released) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        relay.context().runOnContext(turn -> {
            held.countDown();
            try {
                released.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        held.await();
    }

    @Test
    void whenFarTooMuchWaitsItIsDroppedAndLaterEventsGoThroughAgain() throws Exception {
        String megabyte = "x".repeat(1024 * 1024);
        CountDownLatch gathered = new CountDownLatch(1);
        holdUpUntil(gathered);
        for (int i = 1; i <= 100; i++) {
            relay("nobody", i, megabyte);
        }
        relay("here", 1, "dropped");
        gathered.countDown();
        RunningGateway.eventually("the queue is worked off", () -> {
            relay("here", 2, "later");
            return !delivered.isEmpty();
        });

        assertThat(next()).isEqualTo("s 1-2 later");
    }

    @Test
    void whatIsNotUnderstoodIsPassedOver() throws Exception {
        vertx.eventBus()
                .send(EventBusRelay.address("here"), "text")
                .send(EventBusRelay.address("here"), Buffer.buffer("garbage"))
                .send(EventBusRelay.address("here"), RelayCodec.begin(1, 0).setByte(0, (byte) 99));
        relay("here", 1, "one");

        assertThat(next()).isEqualTo("s 1-1 one");
    }

    private void send(long line, long number) {
        vertx.eventBus().send(EventBusRelay.address("here"), RelayCodec.begin(line, number));
    }

    @Test
    void aNudgeArrives() throws Exception {
        relay.nudge(List.of("here"), "s");
        relay.nudge(List.of("here"), null);

        assertThat(next()).isEqualTo("check s");
        assertThat(next()).isEqualTo("check null");
    }

    @Test
    void aMessageThatIsMissingMakesTheReceiverCheckAllItsPositionsOnce() throws Exception {
        send(7, 0);
        send(7, 1);
        send(7, 3);
        send(7, 4);
        send(8, 1);
        relay("here", 1, "one");

        assertThat(next()).isEqualTo("check null");
        assertThat(next()).isEqualTo("check null");
        assertThat(next()).isEqualTo("s 1-1 one");
    }

    @Test
    void theLastMessageThatIsMissingIsNoticedWithoutAnyFollowingIt() throws Exception {
        relay("later", 1, "lost");
        CountDownLatch sent = new CountDownLatch(1);
        relay.context().runOnContext(turn -> sent.countDown());
        sent.await();

        RunningGateway.await(relay.listen("later", sink));

        assertThat(next()).isEqualTo("check null");
        assertThat(delivered).isEmpty();
    }

    @Test
    void aNodeThatDoesNotExistDisturbsNobody() throws Exception {
        relay("nobody", 1, "lost");
        relay("here", 1, "one");

        assertThat(next()).isEqualTo("s 1-1 one");
    }
}
