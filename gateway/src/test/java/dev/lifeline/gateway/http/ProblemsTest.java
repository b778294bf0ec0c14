package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lifeline.gateway.security.AuthenticationFailed;
import dev.lifeline.gateway.security.Limit;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** How an error looks on the wire, whoever failed and with what. */
class ProblemsTest {

    private final RunningServer server = new RunningServer();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Problems.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void serve() throws Exception {
        logged.start();
        logger.addAppender(logged);
        Problems.install(server.router);
        server.router.get("/problem").handler(context -> context.fail(Problem.unexpectedBody()));
        server.router.get("/thrown").handler(context -> {
            throw Problem.logUnavailable(true);
        });
        server.router.get("/defect").handler(context -> {
            throw new IllegalStateException("the secret reason");
        });
        server.router.get("/unauthenticated").handler(context -> context.fail(new AuthenticationFailed()));
        server.router.get("/status").handler(context -> context.fail(418));
        server.router.get("/toolarge").handler(context -> context.fail(413));
        server.router.get("/late").handler(context -> {
            context.response().setChunked(true).write("begun");
            context.fail(new IllegalStateException("too late"));
            context.response().end();
        });
        server.router
                .post("/text")
                .consumes("text/plain")
                .handler(context -> context.response().end());
        server.router
                .get("/html")
                .produces("text/html")
                .handler(context -> context.response().end());
        server.router.post("/a/:b/c").handler(context -> context.response().end());
        server.router.delete("/a/*").handler(context -> context.response().end());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        logger.detachAppender(logged);
        server.close();
    }

    @Test
    void aProblemIsWrittenAsItIs() throws Exception {
        String answer = request("GET /problem", "X: y");

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("content-type: application/problem+json\r\n");
        assertThat(body(answer))
                .isEqualTo(new JsonObject()
                        .put("type", "urn:lifeline:problem:unexpected-body")
                        .put("title", "This method takes no body")
                        .put("status", 400)
                        .put("detail", "Send it without Content-Length."));
    }

    @Test
    void aThrownProblemIsOneTooAndBringsItsHeaders() throws Exception {
        assertThat(request("GET /thrown", "X: y"))
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1\r\n");
    }

    @Test
    void aDefectSaysNothingButWhereToLookAndIsLoggedOnce() throws Exception {
        String answer = request("GET /defect", "X: y");

        assertThat(answer).startsWith("HTTP/1.1 500 ").doesNotContain("secret", "IllegalState");
        assertThat(logged.list).hasSize(1);
        assertThat(logged.list.get(0).getFormattedMessage())
                .contains(body(answer).getString("instance"));
        assertThat(logged.list.get(0).getThrowableProxy().getMessage()).isEqualTo("the secret reason");
    }

    @ParameterizedTest(name = "{0} {1} -> {2} {3}")
    @CsvSource({
        "GET /nothing, X: y, 404, not-found",
        "GET /unauthenticated, X: y, 401, unauthorized",
        "GET /status, X: y, 418, status-418",
        "GET /toolarge, X: y, 413, body-too-large",
        "POST /text, Content-Type: image/png, 415, unsupported-media-type",
        "GET /html, Accept: image/png, 406, not-acceptable",
        "GET /problem?%zz, X: y, 400, unexpected-body",
        "GET /%zz, X: y, 400, bad-request",
        "POST /problem, X: y, 405, method-not-allowed"
    })
    void whatTheRouterFindsOutIsAProblemToo(String line, String header, int status, String slug) throws Exception {
        String answer = request(line, header);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(body(answer).getString("type")).isEqualTo("urn:lifeline:problem:" + slug);
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() throws Exception {
        assertThat(request("GET /a/x/c", "X: y")).containsIgnoringCase("\r\nallow: DELETE, POST\r\n");
        assertThat(request("GET /a/x/c/d", "X: y")).containsIgnoringCase("\r\nallow: DELETE\r\n");
    }

    @Test
    void afterTheHeadWasSentNothingIsAdded() throws Exception {
        assertThat(request("GET /late", "X: y")).contains("begun").doesNotContain("problem");
    }

    @Test
    void waitingTimesAreWholeSecondsAndNeverNone() {
        assertThat(Problem.logUnavailable(true)
                        .retryAfter(Duration.ofMillis(20))
                        .headers())
                .containsEntry("Retry-After", "1");
    }

    @Test
    void whoseShareIsUsedUpMakesTheStatus() {
        assertThat(Problem.tooManyConnections(Limit.IN_ALL).status()).isEqualTo(503);
        assertThat(Problem.tooManyConnections(Limit.PER_ADDRESS).status()).isEqualTo(429);
        assertThat(Problem.tooManyConnections(Limit.PER_PRINCIPAL).headers()).containsKey("Retry-After");
    }

    static Stream<Problem> everyProblem() {
        return Stream.of(
                Problem.badRequest("d"),
                Problem.ambiguousRequest("d"),
                Problem.badHost("d"),
                Problem.unexpectedBody(),
                Problem.badChannelName("d"),
                Problem.badUtf8(),
                Problem.unauthorized("Bearer"),
                Problem.forbidden("d"),
                Problem.foreignOrigin(),
                Problem.foreignHost(),
                Problem.notFound(),
                Problem.methodNotAllowed(Set.of("GET")),
                Problem.notAcceptable("text/event-stream"),
                Problem.bodyTooSlow(Duration.ofSeconds(1)),
                Problem.bodyTooLarge(1),
                Problem.eventTooLarge(1),
                Problem.unsupportedMediaType("text/plain"),
                Problem.tooManyConnections(Limit.IN_ALL),
                Problem.logUnavailable(true),
                Problem.internal());
    }

    @ParameterizedTest
    @MethodSource("everyProblem")
    void everyProblemHasAllItsWordsAndNoStackTrace(Problem problem) {
        assertThat(problem.status()).isBetween(400, 599);
        assertThat(problem.slug()).matches("[a-z0-9-]+");
        assertThat(problem.title()).isNotBlank();
        assertThat(problem.detail()).isNotBlank();
        assertThat(problem.getStackTrace()).isEmpty();
    }

    private String request(String line, String header) throws Exception {
        return server.exchange(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
    }

    private static JsonObject body(String answer) {
        return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
}
