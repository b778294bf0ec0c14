package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lifeline.gateway.security.Origins;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request hidden in another one's body, where a header one letter off Content-Length moves the end of the request
 * before it: a proxy forwards two requests, and the gateway must not find a third.
 */
class SmugglingTest {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String SECOND_HEAD =
            "POST /second HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + SMUGGLED.length()
                    + "\r\n\r\n";

    private final RunningServer server = new RunningServer();
    private final List<String> served = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void theHoleIsOpenInThisVertx() throws Exception {
        serve();
        server.start(RunningServer.options(), connection -> {});

        server.exchange(twoRequests("GET", "Content-Xength"));

        assertThat(served)
                .as("If this fails, Vert.x has closed the hole of CVE-2026-102479: ExactHeaderNames may go")
                .containsExactly("/first", "/smuggled");
    }

    @Test
    void theGuardAloneCannotSeeTheTrueNameOfAHeader() throws Exception {
        guard();
        serve();
        server.start(RunningServer.options(), connection -> {});

        server.exchange(twoRequests("POST", "Content-Xength"));

        assertThat(served)
                .as("If this fails, Vert.x hands out true header names: ExactHeaderNames may go")
                .contains("/smuggled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-xength", "Content-\u00cc\u00ccngth", "Content-Lengtn"})
    void withExactNamesAForeignHeaderFramesNothing(String name) throws Exception {
        serve();
        server.start();

        server.exchange(twoRequests("POST", name));

        assertThat(served).doesNotContain("/smuggled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void theGuardRefusesItAndEndsTheConnection(String method) throws Exception {
        guard();
        serve();
        server.start();

        String answer = server.exchange(twoRequests(method, "Content-Xength"));

        assertThat(served).isEmpty();
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
        assertThat(answer).contains("urn:lifeline:problem:ambiguous-request").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void evenWithoutExactNamesABodyOnAGetEndsTheConnection() throws Exception {
        guard();
        serve();
        server.start(RunningServer.options(), connection -> {});

        String answer = server.exchange(twoRequests("GET", "Content-Xength"));

        assertThat(served).isEmpty();
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void theTrueNamesStillCountInAnyCase() throws Exception {
        serve();
        server.start();

        server.exchange(twoRequests("POST", "CONTENT-LENGTH"));

        assertThat(served).containsExactly("/first", "/smuggled");
    }

    @Test
    void aServerThatLooksForHttp2FirstIsNotAccepted() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ExactHeaderNames(new HttpServerOptions()));
    }

    /** To a proxy: a first request without a body, and a second one with. */
    private static String twoRequests(String method, String header) {
        return method + " /first HTTP/1.1\r\nHost: localhost\r\n" + header + ": " + SECOND_HEAD.length() + "\r\n\r\n"
                + SECOND_HEAD + SMUGGLED;
    }

    private void guard() {
        Problems.install(server.router);
        server.router.route().handler(new RequestGuard(Origins.byDefault("127.0.0.1", false)));
    }

    private void serve() {
        server.router.route().handler(context -> {
            served.add(context.request().path());
            BoundedBody body = new BoundedBody(context.vertx(), 1000, Duration.ofSeconds(5));
            body.read(context.request()).onSuccess(read -> context.response().end("served"));
        });
    }
}
