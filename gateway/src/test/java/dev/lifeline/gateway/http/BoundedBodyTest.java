package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.security.Origins;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies within their bounds and beyond, on a real connection. */
class BoundedBodyTest {

    private static final String HEAD = "POST /x HTTP/1.1\r\nHost: localhost\r\n";
    private static final String FOLLOW_UP = "POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final RunningServer server = new RunningServer();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();

    @BeforeEach
    void serve() throws Exception {
        BoundedBody body = new BoundedBody(server.vertx, 10, Duration.ofMillis(300));
        Problems.install(server.router);
        server.router.route().handler(new RequestGuard(Origins.byDefault("127.0.0.1", false)));
        // Something that takes its time before the body is asked for: nothing of it may be lost meanwhile.
        server.router.route().handler(context -> context.vertx().setTimer(1, later -> context.next()));
        server.router
                .post("/x")
                .handler(context -> body.read(context.request())
                        .map(Utf8::decode)
                        .onSuccess(text -> context.response().end("got <" + text + ">"))
                        .onFailure(broken::complete)
                        .onFailure(context::fail));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aBodyUpToTheBoundIsReadAndTheConnectionStays() throws Exception {
        assertThat(server.exchange(HEAD + "Content-Length: 10\r\n\r\n0123456789" + FOLLOW_UP))
                .contains("got <0123456789>", "got <>")
                .doesNotContain("400", "413");
    }

    @Test
    void aBodyInChunksIsOneBody() throws Exception {
        assertThat(server.exchange(
                        HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n" + FOLLOW_UP))
                .contains("got <abcde>");
    }

    @Test
    void aBodySaidToBeTooLargeIsRefusedUnread() throws Exception {
        assertRefused(server.exchange(HEAD + "Content-Length: 11\r\n\r\n"), 413, "body-too-large");
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsRefusedOnTheWay() throws Exception {
        String chunks = "8\r\n01234567\r\n8\r\n01234567\r\n8\r\n01234567\r\n";

        assertRefused(server.exchange(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks), 413, "body-too-large");
    }

    @Test
    void whatFollowsATooLargeBodyIsNotServed() throws Exception {
        assertRefused(
                server.exchange(HEAD + "Content-Length: 11\r\n\r\n0123456789a" + FOLLOW_UP), 413, "body-too-large");
    }

    @Test
    void aBodyThatDoesNotArriveInTimeIsNotWaitedFor() throws Exception {
        assertRefused(server.exchange(HEAD + "Content-Length: 5\r\n\r\nhel"), 408, "body-too-slow");
    }

    @Test
    void aClientThatWaitsToBeAskedIsAsked() throws Exception {
        try (Socket socket = server.connect()) {
            RunningServer.send(socket, HEAD + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            byte[] asked = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            RunningServer.send(socket, "hello");

            assertThat(new String(asked)).startsWith("HTTP/1.1 100 ");
            assertThat(RunningServer.readToEnd(socket)).contains("got <hello>");
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleIsNobodysDefect() throws Exception {
        Socket socket = server.connect();
        RunningServer.send(socket, HEAD + "Content-Length: 5\r\n\r\nhel");
        socket.close();

        assertThat(broken.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() throws Exception {
        assertThat(server.exchange(HEAD + "Connection: close\r\nContent-Length: 2\r\n\r\n\u00c3\u0028"))
                .startsWith("HTTP/1.1 400 ")
                .contains("bad-utf8");
    }

    private static void assertRefused(String answer, int status, String slug) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(slug).containsOnlyOnce("HTTP/1.1");
        assertThat(answer).containsIgnoringCase("connection: close");
    }
}
