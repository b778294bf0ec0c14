package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.ConfigReader;
import dev.lifeline.gateway.config.ConfigResult;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.config.Logging;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * {@code rehearse}: starts a gateway where nobody sees it, uses it for a few seconds and ends, once by itself and once as
 * a node of a cluster. It is for the JVM to watch: told to keep what it has loaded, it starts the gateway in half the time
 * from then on.
 */
final class RehearseCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** A hundred times what it takes. Whoever starts a gateway waits for it, and shall not wait for ever. */
    private static final long LONGEST_SECONDS = 300;

    private static final List<String> ALONE =
            List.of("--host", "127.0.0.1", "--port", "0", "--drain-timeout", "0s", "--log-level", "error");

    /** A store that is not there: the node joins its cluster all the same, which is most of what there is to load. */
    private static final List<String> IN_A_CLUSTER =
            List.of("--redis", "redis://127.0.0.1:1", "--cluster-host", "127.0.0.1", "--cluster-port", "0");

    private final PrintStream out;
    private final PrintStream err;

    RehearseCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    int run(List<String> words) {
        if (!words.isEmpty()) {
            err.println("rehearse takes no options.");
            return MISUSED;
        }
        Timer watch = watch();
        try {
            play(config(List.of()), Rehearsal::single);
            play(config(IN_A_CLUSTER), Rehearsal::clustered);
            out.println("Rehearsed.");
            return DONE;
        } catch (IOException | CompletionException failure) {
            err.println("The rehearsal did not go well: " + failure.getMessage());
            return FAILED;
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return FAILED;
        } finally {
            watch.cancel();
        }
    }

    private static Timer watch() {
        Timer watch = new Timer("watch", true);
        watch.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        Runtime.getRuntime().halt(FAILED);
                    }
                },
                TimeUnit.SECONDS.toMillis(LONGEST_SECONDS));
        return watch;
    }

    private static GatewayConfig config(List<String> more) {
        List<String> options = new ArrayList<>(ALONE);
        options.addAll(more);
        return ((ConfigResult.Ready) ConfigReader.read(options, Map.of())).config();
    }

    /** What is played at a gateway. */
    private interface Part {
        void play(Rehearsal rehearsal) throws IOException, InterruptedException;
    }

    private static void play(GatewayConfig config, Part part) throws IOException, InterruptedException {
        Logging.start(config.operations().logFormat(), config.operations().logLevel());
        Gateway gateway = settled(Gateway.start(config));
        try {
            part.play(new Rehearsal("http://127.0.0.1:" + gateway.port()));
        } finally {
            settled(gateway.stop());
        }
    }

    private static <T> T settled(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
