package dev.lifeline.gateway.fake;

import dev.lifeline.gateway.app.Gateway;
import dev.lifeline.gateway.config.ConfigReader;
import dev.lifeline.gateway.config.ConfigResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A whole gateway in this JVM on a free port, and the things people do with one. */
public final class RunningGateway implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;
    private static final int LOWEST_PORT = 10_000;
    private static final int HIGHEST_PORT = 20_000;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Gateway gateway;
    private final String host;

    private RunningGateway(Gateway gateway, String host) {
        this.gateway = gateway;
        this.host = host;
    }

    /** Starts one with these options; {@code --port 0} is understood. */
    public static RunningGateway with(String... options) {
        return on("127.0.0.1", options);
    }

    /** Starts one that is called by this address. */
    public static RunningGateway on(String host, String... options) {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--host", host, "--drain-timeout", "0s"));
        all.addAll(List.of(options));
        ConfigResult.Ready ready = (ConfigResult.Ready) ConfigReader.read(all, Map.of());
        return new RunningGateway(await(Gateway.start(ready.config())), host.equals("0.0.0.0") ? "127.0.0.1" : host);
    }

    /** What a future comes to, in bounded time. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a fact. */
    public static void eventually(String fact, BooleanSupplier holds) {
        eventually(fact, PATIENCE_SECONDS, holds);
    }

    /** Waits for a fact that may take its time. */
    public static void eventually(String fact, int seconds, BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + fact);
            }
            pause(10);
        }
    }

    /** Lets the world go on a little between two looks at it. */
    public static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A port nobody listens on, below those of outgoing connections: it can be had again after a pause. */
    public static int freePort() {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException taken) {
                // Then another one.
                continue;
            }
        }
    }

    public Gateway gateway() {
        return gateway;
    }

    public int port() {
        return gateway.port();
    }

    public Socket connect() {
        try {
            return new Socket(host, port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects as a client whose kernel takes little in advance. */
    public Socket connectNarrow() {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress(host, port()));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Subscribes; headers alternate names and values. */
    public SseClient subscribe(String path, String... headers) {
        return attend(path, headers).listen();
    }

    /** Subscribes and does not read. */
    public SseClient attend(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return new SseClient(connect(), request.append("\r\n").toString());
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(port(), path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> post(String path, byte[] body, String... headers) {
        return send(request(port(), path, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public HttpResponse<String> get(String path, String... headers) {
        return get(port(), path, headers);
    }

    public HttpResponse<String> get(int port, String path, String... headers) {
        return send(request(port, path, headers));
    }

    private HttpRequest.Builder request(int port, String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Publishes one event and returns its id. */
    public String publish(String channel, String data, String... headers) {
        HttpResponse<String> answer = post("/events/" + channel, data, headers);
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return new JsonObject(answer.body()).getString("id");
    }

    /** Sends bytes as they are and returns all that comes back until the gateway closes or a second is silent. */
    public String exchange(String bytes) {
        try (Socket socket = connect()) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(readAll(socket), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(Socket socket) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
                all.write(buffer, 0, count);
            }
        } catch (IOException silentOrReset) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    /** The {@code sse} part of the health report. */
    public JsonObject sse() {
        return new JsonObject(get("/health").body()).getJsonObject("sse");
    }

    public int connections() {
        return sse().getInteger("active_connections");
    }

    /** The value of a line of {@code /metrics}, or 0. */
    public double metric(String line) {
        return get("/metrics")
                .body()
                .lines()
                .filter(it -> it.startsWith(line + " "))
                .mapToDouble(it -> Double.parseDouble(it.substring(line.length() + 1)))
                .sum();
    }

    /** How many connections have ended so. */
    public double ended(String reason) {
        return metric("sse_connection_duration_seconds_count{reason=\"" + reason + "\"}");
    }

    @Override
    public void close() {
        await(gateway.stop());
    }
}
