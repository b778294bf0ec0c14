package dev.lifeline.gateway.app;

import dev.lifeline.gateway.demo.DemoUpstream;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code demo-upstream [--port N]} and {@code demo-upstream --stdio}: the small MCP server on its own, over HTTP or on its
 * standard streams.
 */
final class DemoCommand {

    private static final int STARTED = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int PORT = 3000;
    private static final int MOST = 65535;

    private final PrintStream out;
    private final PrintStream err;

    DemoCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    int run(List<String> options) {
        if (options.equals(List.of("--stdio"))) {
            return onStreams();
        }
        int port = port(options);
        if (port < 0) {
            err.println("demo-upstream takes --port N, with N from 0 to 65535, or --stdio.");
            return MISUSED;
        }
        return onPort(port);
    }

    private static int port(List<String> options) {
        if (options.isEmpty()) {
            return PORT;
        }
        boolean asked = options.size() == 2 && options.get(0).equals("--port");
        try {
            int port = asked ? Integer.parseInt(options.get(1)) : -1;
            return port <= MOST ? port : -1;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private int onStreams() {
        try {
            DemoUpstream.stdio(System.in, out);
            return STARTED;
        } catch (IOException broken) {
            err.println("The other side went away: " + broken.getMessage());
            return FAILED;
        }
    }

    private int onPort(int port) {
        Vertx vertx = Vertx.vertx();
        try {
            DemoUpstream demo = DemoUpstream.start(vertx, port)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            out.println("A small MCP server is up at " + demo.url());
            out.flush();
            return STARTED;
        } catch (RuntimeException failure) {
            err.println("The server could not start: " + failure.getMessage());
            vertx.close();
            return FAILED;
        }
    }
}
