package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.freePort;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Upstream;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A link over the transport of 2024-11-05. */
class SseLinkTest extends LinkContract {

    private final FakeMcpServer server = FakeMcpServer.start();

    @Override
    Upstream upstream() {
        return new SseUpstream(vertx, "fake", server.sseUrl(), Map.of(), Calls.terms());
    }

    @Override
    Upstream unreachable() {
        URI nowhere = URI.create("http://127.0.0.1:" + freePort() + "/sse");
        return new SseUpstream(vertx, "nowhere", nowhere, Map.of(), Calls.terms());
    }

    @Override
    long executions(String key) {
        return server.executions(key);
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
