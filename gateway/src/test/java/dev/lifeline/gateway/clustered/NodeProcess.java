package dev.lifeline.gateway.clustered;

import dev.lifeline.gateway.app.Main;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, to which everything can be done that is done to processes. */
final class NodeProcess implements AutoCloseable {

    /** Nodes that begin at once, on a machine that is busy, need more than one attempt now and then. */
    private static final int JOINING_SECONDS = 60;

    private static final Pattern PORT = Pattern.compile("is up at http://127\\.0\\.0\\.1:(\\d+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path output;
    private final Process process;
    private int port;

    /** Starts one, and does not wait until it serves. */
    NodeProcess(RedisServer redis, String... options) {
        try {
            output = Files.createTempFile("node", ".log");
            List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
            command.addAll(List.of("--port", "0", "--redis", redis.uri(), "--event-loops", "1"));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean serves() {
        if (!process.isAlive()) {
            throw new AssertionError("it did not start:\n" + output());
        }
        Matcher said = PORT.matcher(output());
        port = said.find() ? Integer.parseInt(said.group(1)) : 0;
        return port != 0;
    }

    /** Waits until it has joined a cluster of so many, by its own account. */
    void awaitJoined(int nodes) {
        RunningGateway.eventually("it serves", this::serves);
        RunningGateway.eventually("it has joined", JOINING_SECONDS, () -> {
            JsonObject cluster = new JsonObject(get("/health").body()).getJsonObject("cluster");
            return cluster.getString("relay").equals("joined")
                    && cluster.getJsonArray("nodes").size() == nodes;
        });
    }

    private HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes and returns the status. */
    int publish(String channel, String data) {
        return send(request("/events/" + channel).POST(HttpRequest.BodyPublishers.ofString(data)))
                .statusCode();
    }

    SseClient subscribe(String channel, String lastEventId) {
        return attend("/events/" + channel, lastEventId);
    }

    SseClient attend(String path, String lastEventId) {
        String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + resume + "\r\n";
        try {
            return new SseClient(new Socket("127.0.0.1", port), request).listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Asks it to end, waits until it has, and returns its exit code. */
    int terminate(Duration atMost) {
        process.destroy();
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it does not end:\n" + output());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.delete(output);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
