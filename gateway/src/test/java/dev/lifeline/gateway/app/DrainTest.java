package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.Future;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Leaving: nobody new, everybody ended in a way a client understands, in bounded time. */
class DrainTest {

    @Test
    void streamsAreEndedProperlyOneAfterAnother() {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "2s");
        List<SseClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(gateway.subscribe("/events/a"));
        }
        clients.forEach(client -> client.next(Kind.POSITION));
        long told = System.nanoTime();

        Future<Void> stopped = gateway.gateway().stop();

        List<Long> ends = new ArrayList<>();
        for (SseClient client : clients) {
            assertThat(client.next().kind()).isEqualTo(Kind.RETRY);
            Heard end = client.next();
            assertThat(end.kind()).isEqualTo(Kind.END);
            ends.add(TimeUnit.NANOSECONDS.toMillis(end.nanos() - told));
        }
        RunningGateway.await(stopped);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - told)).isLessThan(5000);
        assertThat(ends.stream().filter(at -> at < 900)).hasSizeBetween(5, 15);
        assertThat(ends).allMatch(at -> at < 2600);
    }

    @Test
    void nobodyNewComesInAndReadinessSaysSo() {
        int admin = RunningGateway.freePort();
        RunningGateway gateway =
                RunningGateway.with("--drain-timeout", "1500ms", "--admin-port", Integer.toString(admin));
        SseClient first = gateway.subscribe("/events/a");
        first.next(Kind.POSITION);
        SseClient second = gateway.subscribe("/events/a");
        second.next(Kind.POSITION);
        SseClient third = gateway.subscribe("/events/a");
        assertThat(gateway.get(admin, "/health/ready").statusCode()).isEqualTo(200);

        Future<Void> stopped = gateway.gateway().stop();

        RunningGateway.eventually("it refuses", () -> refuses(gateway));
        var ready = gateway.get(admin, "/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("draining");
        assertThat(gateway.get(admin, "/health/live").statusCode()).isEqualTo(200);
        RunningGateway.await(stopped);
        assertThat(List.of(first.end().kind(), second.end().kind(), third.end().kind()))
                .containsOnly(Kind.END);
    }

    private static boolean refuses(RunningGateway gateway) {
        // One that is still let in is not closed at once, so nothing is waited for here.
        try {
            gateway.connect().close();
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    @Test
    void anEventUnderWayIsStillKeptAndAnswered() throws Exception {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "2s");
        SseClient reader = gateway.subscribe("/events/a");
        reader.next(Kind.POSITION);
        SseClient other = gateway.subscribe("/events/b");
        other.next(Kind.POSITION);
        try (Socket publisher = gateway.connect()) {
            publisher
                    .getOutputStream()
                    .write("POST /events/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nha".getBytes());
            RunningGateway.pause(200);

            Future<Void> stopped = gateway.gateway().stop();
            publisher.getOutputStream().write("lf".getBytes());

            String answer = new String(publisher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 202 ");
            RunningGateway.await(stopped);
        }
    }

    @Test
    void whoHasJustConnectedIsStillHeard() throws Exception {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "2s");
        SseClient reader = gateway.subscribe("/events/a");
        reader.next(Kind.POSITION);
        List<Socket> connected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connected.add(gateway.connect());
        }
        // Whatever was accepted after them has been served: so have they been accepted.
        assertThat(gateway.get(gateway.port(), "/health/live").statusCode()).isEqualTo(200);

        Future<Void> stopped = gateway.gateway().stop();
        assertThat(reader.end().kind()).isEqualTo(Kind.END);

        for (Socket publisher : connected) {
            publisher
                    .getOutputStream()
                    .write("POST /events/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nhalf".getBytes());
            String answer = new String(publisher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 202 ");
            publisher.close();
        }
        RunningGateway.await(stopped);
    }

    @Test
    void whatComesOnAConnectionThatWasKeptIsServedAndToldThatItIsTheLast() throws Exception {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "10s");
        String request = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
        Future<Void> stopped;
        try (Socket kept = gateway.connect()) {
            kept.getOutputStream().write(request.getBytes());
            assertThat(head(kept)).startsWith("HTTP/1.1 200 ").doesNotContain("close");
            stopped = gateway.gateway().stop();

            kept.getOutputStream().write(request.getBytes());
            assertThat(head(kept)).startsWith("HTTP/1.1 503 ").containsIgnoringCase("connection: close");
        }
        RunningGateway.await(stopped);
    }

    /** The head of the next answer; its body is read with it. */
    private static String head(Socket connection) throws Exception {
        StringBuilder said = new StringBuilder();
        while (said.indexOf("\r\n\r\n") < 0) {
            said.append((char) connection.getInputStream().read());
        }
        String head = said.toString();
        String length = head.toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1");
        connection.getInputStream().readNBytes(Integer.parseInt(length));
        return head;
    }

    @Test
    void whoConnectsAndSaysNothingDoesNotHoldItUp() throws Exception {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "20s");
        try (Socket silent = gateway.connect()) {
            assertThat(gateway.get(gateway.port(), "/health/live").statusCode()).isEqualTo(200);
            long told = System.nanoTime();

            gateway.close();

            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - told)).isLessThan(10);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whoDoesNotReadDoesNotHoldItUp() {
        RunningGateway gateway = RunningGateway.with("--drain-timeout", "500ms");
        SseClient deaf = gateway.attend("/events/a");
        for (int i = 0; i < 40; i++) {
            gateway.publish("a", "x".repeat(200_000));
        }
        long told = System.nanoTime();

        gateway.close();

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - told)).isLessThan(5);
        deaf.close();
    }

    @Test
    void toldTwiceItLeavesOnce() {
        RunningGateway gateway = RunningGateway.with();

        Future<Void> first = gateway.gateway().stop();

        assertThat(gateway.gateway().stop()).isSameAs(first);
        RunningGateway.await(first);
        RunningGateway.await(gateway.gateway().stop());
        assertThatThrownBy(gateway::connect).isNotNull();
    }
}
