package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.security.Origins;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go no further than the door, byte for byte. Those that hide another one: SmugglingTest. */
class RequestGuardTest {

    private static final String FOLLOW_UP = "GET /after HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final RunningServer server = new RunningServer();

    @BeforeEach
    void serve() {
        Problems.install(server.router);
        server.router.route().handler(new RequestGuard(Origins.byDefault("127.0.0.1", false)));
        server.router.route("/unread").handler(context -> context.response().end("not read"));
        server.router
                .route()
                .handler(context ->
                        context.response().end("served " + context.request().path()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aPlainRequestIsServedAndTheConnectionStays() throws Exception {
        server.start();

        assertThat(server.exchange("GET /before HTTP/1.1\r\nHost: localhost:8080\r\n\r\n" + FOLLOW_UP))
                .contains("served /before", "served /after");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: localhost|Content-Length: 5||hello",
                "DELETE / HTTP/1.1|Host: localhost|Content-Length: 5||hello",
                "GET / HTTP/1.1|Host: localhost|Transfer-Encoding: chunked||0||",
                "GET / HTTP/1.1||",
                "GET / HTTP/1.1|Host: local host||",
                "GET / HTTP/1.1|Host: localhost|Host: localhost||",
                "GET / HTTP/1.1|Host: localhost|Host: evil.example||",
                "POST / HTTP/1.1|Host: localhost|Content-Length: 5|Transfer-Encoding: chunked||0||",
                "POST / HTTP/1.1|Host: localhost|Content-Length: 5|Content-Length: 6||hello",
                "POST / HTTP/1.1|Host: localhost|Transfer-Encoding: chunked, xchunked||0||",
                "POST / HTTP/1.1|Host: localhost|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
                "POST / HTTP/1.1|Host: localhost|Content-Length : 5||hello",
                "POST / HTTP/1.1|Host: localhost|Content_Length: 5||hello",
                "POST / HTTP/1.1|Host: localhost|Content-Xype: text/plain||",
                "POST / HTTP/1.1|Host: localhost|Transfer_Encoding: chunked||0||"
            })
    void aRequestThatCanBeReadInTwoWaysIsTheLastOnItsConnection(String request) throws Exception {
        server.start();

        String answer = server.exchange(request.replace("|", "\r\n") + FOLLOW_UP);

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("served");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "Host: evil.example, foreign-host",
        "Host: localhost.evil.example:80, foreign-host",
        "Origin: https://evil.example, foreign-origin",
        "Origin: null, foreign-origin"
    })
    void aForeignerIsToldSoAndMayKeepTheConnection(String header, String slug) throws Exception {
        server.start();
        String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";

        String answer = server.exchange("GET / HTTP/1.1\r\n" + host + header + "\r\n\r\n" + FOLLOW_UP);

        assertThat(answer).startsWith("HTTP/1.1 403 ").contains(slug, "served /after");
        assertThat(answer).doesNotContainIgnoringCase("access-control-allow-origin");
    }

    @Test
    void aPageCannotNameTwoOrigins() throws Exception {
        server.start();

        assertThat(server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Origin: http://localhost\r\nOrigin: https://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example/x, 403",
        "http://localhost@evil.example/x, 403",
        "http://localhost:8080/x?u=://, 200"
    })
    void aHostNamedInTheTargetCountsToo(String target, int status) throws Exception {
        server.start();

        assertThat(server.exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aHealthCheckOfTheOldSchoolNeedsNoHost() throws Exception {
        server.start();

        assertThat(server.exchange("GET /health HTTP/1.0\r\n\r\n")).contains("served /health");
    }

    @Test
    void anAnswerGivenBeforeTheBodyWasReadIsTheLastOne() throws Exception {
        server.start();

        String answer = server.exchange(
                "POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" + FOLLOW_UP);

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
        assertThat(answer).doesNotContain("served /after");
    }

    @Test
    void aBodyThatNeverComesDoesNotHoldTheConnection() throws Exception {
        server.start();

        String answer = server.exchange("POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel");

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
    }

    @Test
    void norDoesItWhenTheClientWantsToCloseAnyway() throws Exception {
        server.start();

        String answer = server.exchange(
                "POST /unread HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhel");

        assertThat(answer).contains("not read").containsIgnoringCase("connection: close");
    }

    @Test
    void anHttp2ConnectionOutlivesARefusedRequest() throws Exception {
        server.start(new HttpServerOptions().setHost("127.0.0.1").setPort(0), connection -> {});
        HttpClient client = server.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

        assertThat(status(client, "/unread", "127.0.0.1", Buffer.buffer("hello")))
                .isEqualTo(200);
        assertThat(status(client, "/", "evil.example", Buffer.buffer())).isEqualTo(403);
        assertThat(status(client, "/", "127.0.0.1", Buffer.buffer())).isEqualTo(200);
    }

    @Test
    void aRequestHeadInPiecesIsOneRequest() throws Exception {
        server.start();
        try (Socket socket = server.connect()) {
            trickle(socket, "GET /pieces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(RunningServer.readToEnd(socket)).contains("served /pieces");
        }
    }

    private int status(HttpClient client, String path, String host, Buffer body) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setURI(path);
        HostAndPort authority = HostAndPort.create(host, server.port());
        return RunningServer.await(client.request(options)
                        .compose(request -> request.authority(authority).send(body)))
                .statusCode();
    }

    private static void trickle(Socket socket, String bytes) throws IOException {
        socket.setTcpNoDelay(true);
        for (char c : bytes.toCharArray()) {
            RunningServer.send(socket, String.valueOf(c));
        }
    }
}
