package dev.lifeline.gateway.app;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.fake.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in where, over the wire. How credentials are judged is the security package's to test. */
class AccessTest {

    private static final String ADMIN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    private RunningGateway keys() throws Exception {
        Path file = Files.writeString(directory.resolve("keys.yaml"), """
                - {name: writer, key: key-of-writer, publish: ['orders*']}
                - {name: reader, key: key-of-reader, subscribe: ['orders*']}
                - {name: boss, key: key-of-boss, admin: true}
                """);
        return RunningGateway.with("--auth", "keys", "--keys-file", file.toString());
    }

    @Test
    void keysOpenWhatTheyAreGoodFor() throws Exception {
        try (RunningGateway gateway = keys();
                SseClient reader = gateway.subscribe("/events/orders", "Authorization", "Bearer key-of-reader")) {
            reader.next(Kind.POSITION);
            assertThat(status(gateway, "orders", "key-of-writer")).isEqualTo(202);
            assertThat(reader.event().text()).isEqualTo("x");
            assertThat(status(gateway, "orders", "key-of-reader")).isEqualTo(403);
            assertThat(status(gateway, "other", "key-of-writer")).isEqualTo(403);
            assertThat(status(gateway, "orders", "key-of-nobody")).isEqualTo(401);
            var nobody = gateway.post("/events/orders", "x");
            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(nobody.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"lifeline\"");
            assertThat(gateway.get("/events/orders").statusCode()).isEqualTo(401);
            assertThat(gateway.get("/events/orders", "Authorization", "Bearer key-of-writer")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    private static int status(RunningGateway gateway, String channel, String key) {
        return gateway.post("/events/" + channel, "x", "Authorization", "Bearer " + key)
                .statusCode();
    }

    @Test
    void aTokenSignedWithTheSharedSecretOpensAndItsEndEndsTheStream() throws Exception {
        Tokens tokens = Tokens.shared();
        Path secret = Files.writeString(directory.resolve("secret"), tokens.secret());
        // Tokens count for half a minute longer than they say, for clocks that differ.
        Instant end = Instant.now().minus(Duration.ofSeconds(30)).plusSeconds(3);
        try (RunningGateway gateway = RunningGateway.with(
                        "--auth", "jwt", "--jwt-key", secret.toString(), "--heartbeat-interval", "500ms");
                SseClient client = gateway.subscribe("/events/a", "Authorization", "Bearer " + tokens.token(end))) {
            client.next(Kind.POSITION);

            Heard over = client.end();

            assertThat(over.kind()).isEqualTo(Kind.END);
            eventually("it is counted", () -> gateway.ended("credential_expired") == 1);
            assertThat(gateway.get("/events/a", "Authorization", "Bearer " + tokens.token(end))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(status(gateway, "a", tokens.token(Instant.parse("9999-12-31T23:59:59Z"))))
                    .isEqualTo(202);
            assertThat(status(gateway, "a", Tokens.shared().token(Instant.now().plusSeconds(60))))
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenSignedWithThePairOfAPublicKeyOpens() throws Exception {
        Tokens tokens = Tokens.published(null);
        Path key = Files.writeString(directory.resolve("key.pem"), tokens.publicKey());
        try (RunningGateway gateway = RunningGateway.with("--auth", "jwt", "--jwt-key", key.toString())) {
            assertThat(status(gateway, "a", tokens.token(Instant.now().plusSeconds(60))))
                    .isEqualTo(202);
            assertThat(status(
                            gateway,
                            "a",
                            Tokens.published(null).token(Instant.now().plusSeconds(60))))
                    .isEqualTo(401);
        }
    }

    @Test
    void keysAnIssuerPublishesAreFetchedOnceForAllWhoAskTogether() throws Exception {
        Vertx vertx = Vertx.vertx();
        Tokens tokens = Tokens.published("k1");
        HttpServer issuer = await(vertx.createHttpServer()
                .requestHandler(request ->
                        vertx.setTimer(300, late -> request.response().end(tokens.keySet())))
                .listen(0, "127.0.0.1"));
        try (RunningGateway gateway = RunningGateway.with(
                "--auth",
                "jwt",
                "--event-loops",
                "2",
                "--jwt-jwks",
                "http://127.0.0.1:" + issuer.actualPort() + "/keys")) {
            String bearer = "Bearer " + tokens.token(Instant.now().plusSeconds(600));
            var clients = java.util.stream.IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> gateway.subscribe("/events/a", "Authorization", bearer))
                    .toList();

            assertThat(clients).allMatch(client -> client.status() == 200);
            assertThat(gateway.publish("a", "to all", "Authorization", bearer)).isNotEmpty();
            assertThat(clients).allMatch(client -> client.event().text().equals("to all"));
            clients.forEach(SseClient::close);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void whoLeavesWhileItsTokenIsCheckedKeepsNoPlace() throws Exception {
        Vertx vertx = Vertx.vertx();
        Tokens tokens = Tokens.published("k1");
        HttpServer issuer = await(vertx.createHttpServer()
                .requestHandler(request ->
                        vertx.setTimer(400, late -> request.response().end(tokens.keySet())))
                .listen(0, "127.0.0.1"));
        try (RunningGateway gateway = RunningGateway.with(
                "--auth", "jwt", "--jwt-jwks", "http://127.0.0.1:" + issuer.actualPort() + "/keys")) {
            String bearer = "Bearer " + tokens.token(Instant.now().plusSeconds(600));
            var socket = gateway.connect();
            socket.getOutputStream()
                    .write(("GET /events/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + bearer + "\r\n\r\n")
                            .getBytes());
            RunningGateway.pause(100);
            socket.close();

            assertThat(gateway.publish("a", "x", "Authorization", bearer)).isNotEmpty();
            RunningGateway.eventually("its place is free", () -> gateway.connections() == 0);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void beyondLoopbackOperationsNeedTheTokenAndProbesDoNot() {
        try (RunningGateway gateway = RunningGateway.on("0.0.0.0", "--allow-open=true", "--admin-token", ADMIN)) {
            assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/health").statusCode()).isEqualTo(401);
            assertThat(gateway.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(gateway.get("/metrics", "Authorization", "Bearer wrong").statusCode())
                    .isIn(401, 403);
            assertThat(gateway.get("/metrics", "Authorization", "Bearer " + ADMIN)
                            .body())
                    .contains("sse_connections_active 0");
            assertThat(gateway.get("/health", "Authorization", "Bearer " + ADMIN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aProbeMayCallTheGatewayByItsAddressAndNobodyElse() {
        try (RunningGateway gateway = RunningGateway.on("0.0.0.0", "--allow-open=true")) {
            assertThat(gateway.exchange(
                            "GET /health/ready HTTP/1.1\r\nHost: 10.1.2.3:8080\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(gateway.exchange("GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(gateway.exchange("GET /events/a HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anAdminPortTakesTheOperationsAlong() {
        int admin = RunningGateway.freePort();
        try (RunningGateway gateway = RunningGateway.with("--admin-port", Integer.toString(admin))) {
            assertThat(gateway.get("/metrics").statusCode()).isEqualTo(404);
            assertThat(gateway.get("/health").statusCode()).isEqualTo(404);
            assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(gateway.get(admin, "/metrics").statusCode()).isEqualTo(200);
            assertThat(gateway.get(admin, "/health").body())
                    .contains(gateway.gateway().id());
            assertThat(gateway.get(admin, "/events/a").statusCode()).isEqualTo(404);
            assertThat(gateway.get(admin, "/health", "Content-Xength", "1").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void onAnAdminPortTheTokenIsAskedForWhereThereIsOne() {
        int admin = RunningGateway.freePort();
        try (RunningGateway gateway =
                RunningGateway.with("--admin-port", Integer.toString(admin), "--admin-token", ADMIN)) {
            assertThat(gateway.get(admin, "/metrics").statusCode()).isEqualTo(401);
            assertThat(gateway.get(admin, "/metrics", "Authorization", "Bearer " + ADMIN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void metricsCanBeTurnedOff() {
        try (RunningGateway gateway = RunningGateway.with("--metrics=false")) {
            assertThat(gateway.get("/metrics").statusCode()).isEqualTo(404);
        }
    }
}
