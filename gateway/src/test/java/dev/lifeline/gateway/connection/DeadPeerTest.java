package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that is gone is noticed, under its right name, and leaves nothing behind. Black holes: {@link BlackHoleTest}. */
class DeadPeerTest {

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = RunningGateway.with("--heartbeat-interval", "500ms", "--connection-timeout", "2s");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void whoClosesHasLeft() {
        SseClient client = gateway.subscribe("/events/a");
        client.next(Kind.POSITION);

        client.close();

        RunningGateway.eventually("it has left", () -> gateway.ended("client_left") == 1);
        assertThat(gateway.connections()).isZero();
    }

    @Test
    void whoClosesHalfHasLeftToo() throws Exception {
        SseClient client = gateway.subscribe("/events/a");
        client.next(Kind.POSITION);

        client.socket().shutdownOutput();

        RunningGateway.eventually("it has left", () -> gateway.ended("client_left") == 1);
    }

    @Test
    void whoResetsIsLost() {
        SseClient client = gateway.attend("/events/a");

        client.reset();

        RunningGateway.eventually("it is lost", () -> gateway.ended("peer_lost") == 1);
        assertThat(gateway.connections()).isZero();
    }

    @Test
    void whoStopsReadingWhileMuchWaitsIsStalled() {
        SseClient client = gateway.attend("/events/a");
        String much = "x".repeat(200_000);

        long before = System.nanoTime();
        for (int i = 0; i < 60; i++) {
            gateway.publish("a", much);
        }

        RunningGateway.eventually("it is stalled", () -> gateway.ended("stalled") == 1);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)).isBetween(1000L, 6000L);
        assertThat(gateway.connections()).isZero();
        client.close();
    }

    @Test
    void whoReadsSlowlyButReadsStays() throws Exception {
        SseClient client = new SseClient(gateway.connectNarrow(), "GET /events/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        String much = "x".repeat(200_000);
        for (int i = 0; i < 20; i++) {
            gateway.publish("a", much);
        }

        byte[] sip = new byte[16 * 1024];
        for (int i = 0; i < 35; i++) {
            client.socket().getInputStream().readNBytes(sip, 0, sip.length);
            RunningGateway.pause(100);
        }

        assertThat(gateway.connections()).isEqualTo(1);
        client.close();
    }

    @Test
    void halfAHeadIsGivenUp() throws Exception {
        try (Socket socket = gateway.connect()) {
            socket.getOutputStream().write("GET /events/a HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(8000);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aHeadThatTricklesInIsGivenUpToo() throws Exception {
        try (Socket socket = gateway.connect()) {
            socket.setSoTimeout(100);
            long before = System.nanoTime();
            boolean closed = false;
            while (!closed && System.nanoTime() - before < TimeUnit.SECONDS.toNanos(8)) {
                closed = trickle(socket);
            }

            assertThat(closed).isTrue();
        }
    }

    private static boolean trickle(Socket socket) {
        try {
            socket.getOutputStream().write('G');
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        } catch (java.io.IOException broken) {
            return true;
        }
    }

    @Test
    void hundredsWhoComeAndGoLeaveNothingBehind() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                SseClient client = gateway.attend("/events/churn");
                if (i % 2 == 0) {
                    client.close();
                } else {
                    client.reset();
                }
            }
        }

        RunningGateway.eventually("all are gone", () -> gateway.connections() == 0);
        assertThat(gateway.sse().getLong("total_connections")).isEqualTo(300);
        assertThat(gateway.ended("client_left") + gateway.ended("peer_lost")).isEqualTo(300);
    }
}
