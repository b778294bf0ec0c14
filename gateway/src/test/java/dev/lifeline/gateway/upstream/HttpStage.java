package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fake server and a link to it by HTTP, for tests of what only HTTP has. */
abstract class HttpStage {

    static final Map<String, String> HEADERS = Map.of("X-Configured", "always");

    final FakeMcpServer server = FakeMcpServer.start();
    final Counted counted = new Counted();
    Vertx vertx;
    Upstream upstream;
    Link link;
    LinkState state;

    /** Whether it is the legacy transport that is meant. */
    boolean legacy() {
        return false;
    }

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        upstream = upstream(legacy() ? server.sseUrl() : server.url(), Calls.WAITS);
        link = upstream.link("session", LinkState.NONE);
    }

    Upstream upstream(URI url, Waits waits) {
        UpstreamTerms terms = Calls.terms(waits, counted);
        return legacy()
                ? new SseUpstream(vertx, "fake", url, HEADERS, terms)
                : new StreamableUpstream(vertx, "fake", url, HEADERS, terms);
    }

    /** Goes on with other waits. */
    void waits(Waits waits) {
        await(upstream.close());
        upstream = upstream(legacy() ? server.sseUrl() : server.url(), waits);
        link = upstream.link("session", LinkState.NONE);
    }

    static Waits idleAfter(long millis) {
        Duration idle = Duration.ofMillis(millis);
        return new Waits(Calls.WAITS.connecting(), Calls.WAITS.opening(), idle, Calls.WAITS.answering());
    }

    @AfterEach
    void end() {
        await(link.close());
        await(upstream.close());
        await(vertx.close());
        server.close();
    }

    final void open() {
        state = LinkContract.open(link).state();
    }

    final Told ask(Object id, String tool, Object... arguments) {
        Told told = new Told();
        link.request(Calls.call(id, tool, arguments), told);
        return told;
    }

    /** Opens, and listens to the server's own stream. */
    final Told openAndListen() {
        open();
        Told told = new Told();
        link.listen(null, told);
        listening();
        return told;
    }

    final void listening() {
        eventually("the server's stream is read", () -> server.standingStreams() == 1);
    }

    /** What became of a request that this server refuses in this way. */
    final Ending refused(int status, String body, String... headers) {
        server.refuseNext("POST", status, body, headers);
        Told told = new Told();
        Ending failed = LinkContract.ending(link.request(Calls.call("refused", "echo", "key", "refused"), told));
        if (told.ending() != failed) {
            throw new AssertionError("told both " + failed + " and " + told.ending());
        }
        return failed;
    }
}
