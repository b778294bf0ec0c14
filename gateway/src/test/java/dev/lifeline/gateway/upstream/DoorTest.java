package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.fake.Certificates;
import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Ending;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an upstream is reached, and what keeps a request from reaching it. */
class DoorTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() {
        await(vertx.close());
    }

    private Door door(String url, Room room, Waits waits) {
        UpstreamTerms terms = new UpstreamTerms(Calls.READER, waits, room, Calls.RETRIES, StreamMetrics.NONE);
        return terms.door(vertx, URI.create(url), Map.of());
    }

    private Door door(String url) {
        return door(url, Room.DEFAULT, Calls.WAITS);
    }

    private static Future<HttpClientResponse> post(Door door) {
        return door.post(
                        door.url(),
                        door.headers(),
                        Buffer.buffer(Calls.call(1, "echo").text()))
                .go();
    }

    @Test
    void onlyHttpIsSpoken() {
        for (String url : new String[] {"ftp://host/", "file:///x", "/mcp", "http:/x", "mailto:a@b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> door(url));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Room(0, 1, 1));
    }

    @Test
    void placesAreOfOneOriginOrNone() {
        Door door = door("https://host/a/mcp");

        assertThat(door.place("b?c=d")).hasToString("https://host/a/b?c=d");
        assertThat(door.place("https://HOST:443/x")).isNotNull();
        assertThat(Door.path(door.place("/x?y#z"))).isEqualTo("/x?y");
        for (String elsewhere :
                new String[] {"http://host/x", "https://host:444/x", "//other/x", "https://host.evil/", "::"}) {
            assertThat(door.place(elsewhere)).as(elsewhere).isNull();
        }
    }

    @Test
    void aFullPoolSendsNothing() {
        try (FakeMcpServer server = FakeMcpServer.start()) {
            server.sessions(false).delay(60_000);
            Door door = door(server.url().toString(), new Room(1, 1, 1000), Calls.WAITS);
            List<Future<HttpClientResponse>> all = new ArrayList<>();
            all.add(post(door));
            eventually("one is there", () -> server.arrivals().size() == 1);
            all.add(post(door));
            assertThat(LinkContract.ending(post(door))).isEqualTo(Ending.NOT_SENT);

            assertThat(server.arrivals()).hasSize(1);
            await(door.close());
            assertThat(LinkContract.ending(all.get(0))).isEqualTo(Ending.LOST);
            assertThat(LinkContract.ending(all.get(1))).isEqualTo(Ending.NOT_SENT);
        }
    }

    @Test
    void whoWaitsForAConnectionWaitsOnlySoLong() {
        try (FakeMcpServer server = FakeMcpServer.start()) {
            server.sessions(false).delay(60_000);
            Waits waits = new Waits(
                    Duration.ofMillis(300), Calls.WAITS.opening(), Calls.WAITS.idle(), Calls.WAITS.answering());
            Door door = door(server.url().toString(), new Room(1, 1, 1000), waits);
            post(door);
            eventually("one is there", () -> server.arrivals().size() == 1);

            assertThat(LinkContract.ending(post(door))).isEqualTo(Ending.NOT_SENT);
            assertThat(server.arrivals()).hasSize(1);
        }
    }

    @Test
    void whatIsGivenUpBeforeItIsConnectedIsNotSent() {
        try (FakeMcpServer server = FakeMcpServer.start()) {
            Door door = door(server.url().toString());
            Sending sending = door.post(door.url(), door.headers(), Buffer.buffer("{}"));
            Promise<HttpClientResponse> answer = Promise.promise();
            // In one turn of the loop, or the connection could be quicker than the change of mind.
            vertx.runOnContext(there -> {
                sending.go().onComplete(answer);
                sending.cancel();
            });

            assertThat(LinkContract.ending(answer.future())).isEqualTo(Ending.NOT_SENT);
            assertThat(server.arrivals()).isEmpty();
        }
    }

    @Test
    void anIdleConnectionIsUsedAgainAndNotForLong() {
        try (FakeMcpServer server = FakeMcpServer.start()) {
            server.sessions(false);
            Door door = door(server.url().toString());
            for (int i = 0; i < 5; i++) {
                await(post(door).compose(response -> WholeBody.of(vertx, response, 10_000, Duration.ofSeconds(5))));
            }

            assertThat(server.connectionsMade()).isLessThan(3);
            eventually("it is closed", () -> server.connectionsOpen() == 0);
        }
    }

    @Test
    void aServerNobodyVouchesForIsNotSpokenTo(@TempDir Path directory) throws IOException {
        Certificates certificates = Certificates.makeIn(directory);
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setKeyPath(certificates.key().toString())
                        .setCertPath(certificates.certificate().toString()));
        HttpServer server = await(vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
        Door door = door("https://127.0.0.1:" + server.actualPort() + "/mcp");

        assertThat(LinkContract.ending(post(door))).isEqualTo(Ending.NOT_SENT);
        assertThatThrownBy(() -> await(post(door))).hasStackTraceContaining("no connection");
    }
}
