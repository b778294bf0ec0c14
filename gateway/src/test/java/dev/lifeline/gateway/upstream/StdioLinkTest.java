package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.fake.FakeMcpServerStdio;
import dev.lifeline.gateway.session.Upstream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A link to a process. */
class StdioLinkTest extends LinkContract {

    @TempDir
    Path directory;

    @Override
    Upstream upstream() {
        return new StdioUpstream(vertx, "fake", FakeMcpServerStdio.command(notes()), 4, Calls.terms());
    }

    Path notes() {
        return directory.resolve("executions");
    }

    @Override
    Upstream unreachable() {
        return new StdioUpstream(vertx, "nowhere", List.of("/no/such/program"), 4, Calls.terms());
    }

    @Override
    long executions(String key) {
        return FakeMcpServerStdio.executions(notes(), key);
    }
}
