package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.fake.RunningGateway.freePort;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Upstream;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** A link over Streamable HTTP, whichever way the server answers. */
class StreamableLinkTest {

    /** Answered in JSON. */
    @Nested
    class InJson extends Contract {

        InJson() {
            super(FakeMcpServer.Style.JSON, false);
        }
    }

    /** Answered in JSON arrays. */
    @Nested
    class InArrays extends Contract {

        InArrays() {
            super(FakeMcpServer.Style.JSON_ARRAY, false);
        }
    }

    /** Answered by streams. */
    @Nested
    class InStreams extends Contract {

        InStreams() {
            super(FakeMcpServer.Style.SSE, false);
        }
    }

    /** Answered by streams that can be taken up again. */
    @Nested
    class InResumableStreams extends Contract {

        InResumableStreams() {
            super(FakeMcpServer.Style.SSE, true);
        }
    }

    /** The contract against a server that answers in one way. */
    abstract static class Contract extends LinkContract {

        private final FakeMcpServer server = FakeMcpServer.start();

        Contract(FakeMcpServer.Style style, boolean eventIds) {
            server.answers(style).eventIds(eventIds);
        }

        @Override
        Upstream upstream() {
            return new StreamableUpstream(vertx, "fake", server.url(), Map.of(), Calls.terms());
        }

        @Override
        Upstream unreachable() {
            URI nowhere = URI.create("http://127.0.0.1:" + freePort() + "/mcp");
            return new StreamableUpstream(vertx, "nowhere", nowhere, Map.of(), Calls.terms());
        }

        @Override
        long executions(String key) {
            return server.executions(key);
        }

        @Override
        void listening() {
            eventually("the server's stream is read", () -> server.standingStreams() == 1);
        }

        @AfterEach
        void stop() {
            server.close();
        }
    }
}
