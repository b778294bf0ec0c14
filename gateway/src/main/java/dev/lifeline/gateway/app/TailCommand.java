package dev.lifeline.gateway.app;

import dev.lifeline.gateway.client.EventSource;
import dev.lifeline.gateway.client.EventSourceOptions;
import dev.lifeline.gateway.client.SourceEvent;
import dev.lifeline.gateway.client.SourceState;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * {@code tail URL}: follows an event stream, through whatever happens to it, and prints an event a line. What happens to
 * the stream is said on the standard error. Ends when it is told to, when nobody reads what it prints any more, after
 * {@code --count} events, or when the server will not have it.
 */
final class TailCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final String USAGE =
            "tail URL [--last-event-id ID] [--count N] [--json] [--token TOKEN] [--header 'Name: value']...";

    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean json;
    private long left;
    private volatile int code = DONE;

    TailCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    int run(List<String> words) {
        EventSourceOptions options;
        try {
            options = options(words);
        } catch (CommandLine.Misuse misuse) {
            err.println(misuse.getMessage() + " Usage: " + USAGE);
            return MISUSED;
        }
        Vertx vertx = Vertx.vertx();
        EventSource source = EventSource.open(vertx, options, new Printer());
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close().transform(closed -> vertx.close());
        return code;
    }

    private EventSourceOptions options(List<String> words) {
        CommandLine line = CommandLine.of(words, Set.of("--last-event-id", "--count"), Set.of("--json"));
        if (!line.rest().isEmpty()) {
            throw new CommandLine.Misuse("One URL at a time.");
        }
        json = line.has("--json");
        left = line.value("--count").map(TailCommand::count).orElse(Long.MAX_VALUE);
        EventSourceOptions options = EventSourceOptions.of(line.url());
        for (Map.Entry<String, String> header : line.headers().entrySet()) {
            options = options.header(header.getKey(), header.getValue());
        }
        return options.after(line.value("--last-event-id").orElse(""));
    }

    private static long count(String text) {
        try {
            long count = Long.parseLong(text);
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException noNumber) {
            throw new CommandLine.Misuse("--count takes a number.");
        }
        throw new CommandLine.Misuse("--count takes a number above 0.");
    }

    /** Prints what comes, and counts it. */
    private final class Printer implements EventSource.Listener {

        @Override
        public void event(SourceEvent event) {
            if (left == 0) {
                return;
            }
            out.println(json ? line(event) : event.data().replace("\n", "\\n"));
            // Tells whether anybody still reads, and flushes.
            if (out.checkError() || --left == 0) {
                left = 0;
                over.countDown();
            }
        }

        private static String line(SourceEvent event) {
            return new JsonObject()
                    .put("id", event.id())
                    .put("type", event.type())
                    .put("data", event.data())
                    .encode();
        }

        @Override
        public void gap(SourceEvent verdict) {
            err.println("gap: events are missing here: " + verdict.data());
        }

        @Override
        public void state(SourceState state) {
            switch (state.phase()) {
                case CONNECTING -> err.println("connecting");
                case CONNECTED -> err.println("connected");
                case RECONNECTING ->
                    err.println("reconnecting in " + state.delay().toMillis() + " ms, attempt " + state.attempt());
                case FAILED -> {
                    err.println("failed: " + state.reason());
                    code = FAILED;
                    over.countDown();
                }
                case CLOSED -> over.countDown();
            }
        }
    }
}
