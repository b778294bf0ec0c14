package dev.lifeline.gateway.fake;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A fake MCP server as a process: speaks over standard input and output, says what it does on standard error, and notes
 * each key it executes as a line of the file it is given. With {@code deaf} as second argument it survives the end of
 * its input and SIGTERM.
 */
public final class FakeMcpServerStdio implements FakeMcpServerTools.Wire {

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "later");
        thread.setDaemon(true);
        return thread;
    });

    private FakeMcpServerStdio() {}

    /** The program and arguments of one. */
    public static List<String> command(Path executions, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                FakeMcpServerStdio.class.getName(),
                executions.toString()));
        command.addAll(List.of(more));
        return command;
    }

    /** The same as the one line to be given to {@code --stdio}. */
    public static String commandLine(Path executions, String... more) {
        return command(executions, more).stream()
                .map(FakeMcpServerStdio::quoted)
                .collect(Collectors.joining(" "));
    }

    /** How often servers that were given this file ran something under this key. */
    public static long executions(Path executions, String key) {
        try {
            return Files.exists(executions)
                    ? Files.readAllLines(executions).stream()
                            .filter(key::equals)
                            .count()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(String word) {
        return "'" + word + "'";
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path executions = Path.of(arguments[0]);
        boolean deaf = arguments.length > 1 && arguments[1].equals("deaf");
        if (deaf) {
            Runtime.getRuntime().addShutdownHook(new Thread(FakeMcpServerStdio::stay));
        }
        new FakeMcpServerStdio().serve(executions);
        if (deaf) {
            stay();
        }
    }

    private static void stay() {
        try {
            TimeUnit.MINUTES.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(Path executions) throws IOException {
        System.err.println("fake server is up");
        FakeMcpServerTools tools = new FakeMcpServerTools(key -> note(executions, key));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            tools.take(new JsonObject(line), this);
        }
    }

    private static void note(Path executions, String key) {
        try {
            Files.writeString(executions, key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void related(JsonObject message) {
        push(message);
    }

    @Override
    public void answer(JsonObject message) {
        push(message);
    }

    @Override
    public synchronized void push(JsonObject message) {
        out.println(message.encode());
    }

    @Override
    public void later(long millis, Runnable what) {
        timer.schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void die() {
        Runtime.getRuntime().halt(3);
    }
}
