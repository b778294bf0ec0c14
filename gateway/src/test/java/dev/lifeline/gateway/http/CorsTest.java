package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.security.Origins;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What browsers are told. Which pages may call at all: OriginsTest, RequestGuardTest. */
class CorsTest {

    private static final String PREFLIGHT = "OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Origin: http://localhost:5173\r\nAccess-Control-Request-Method: POST\r\n\r\n";

    private final RunningServer server = new RunningServer();
    private final Origins origins = Origins.byDefault("127.0.0.1", false);

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aPreflightLearnsWhatAPageMaySend() throws Exception {
        serve(new Cors(origins));

        assertThat(server.exchange(PREFLIGHT).toLowerCase())
                .startsWith("http/1.1 204 ")
                .contains("access-control-allow-origin: http://localhost:5173", "vary: origin")
                .contains("access-control-allow-methods: get, post\r\n")
                .contains("access-control-allow-headers: last-event-id, authorization, content-type, idempotency-key,"
                        + " cache-control, x-request-id\r\n")
                .contains("access-control-max-age: 7200")
                .doesNotContain("allow-credentials");
    }

    @Test
    void aRouteMayTakeAndShowMore() throws Exception {
        serve(new Cors(origins, List.of(HttpMethod.DELETE), List.of("Mcp-Session-Id"), List.of("Mcp-Session-Id")));

        assertThat(server.exchange(PREFLIGHT)).contains("DELETE", "Cache-Control, X-Request-Id, Mcp-Session-Id");
        assertThat(server.exchange(get(""))).contains("Lifeline-Node, X-Request-Id, Retry-After, Mcp-Session-Id");
    }

    @Test
    void aPageMayReadTheAnswer() throws Exception {
        serve(new Cors(origins));

        assertThat(server.exchange(get("Origin: http://localhost:5173\r\n")).toLowerCase())
                .startsWith("http/1.1 200 ")
                .contains("access-control-allow-origin: http://localhost:5173\r\n")
                .contains("access-control-expose-headers: lifeline-node, x-request-id, retry-after\r\n");
    }

    @Test
    void whoNamesNoOriginIsToldThatEverybodyMay() throws Exception {
        serve(new Cors(origins));

        assertThat(server.exchange(get("")).toLowerCase()).contains("access-control-allow-origin: *\r\n");
    }

    @Test
    void anOptionsThatIsNoPreflightIsARequestLikeAnyOther() throws Exception {
        serve(new Cors(origins));

        assertThat(server.exchange("OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\"Allowed: GET, POST\"");
    }

    private void serve(Cors cors) throws Exception {
        Problems.install(server.router);
        server.router.route().handler(cors);
        server.router.get("/x").handler(context -> context.response().end("served"));
        server.router.post("/x").handler(context -> context.response().end("served"));
        server.start();
    }

    private static String get(String header) {
        return "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n";
    }
}
