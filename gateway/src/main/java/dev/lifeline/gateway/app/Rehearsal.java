package dev.lifeline.gateway.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A few clients of one gateway: each asks for what its kind asks for first. */
final class Rehearsal {

    /** The second time some paths are taken that the first did not need; more adds nothing to what is loaded. */
    private static final int ROUNDS = 3;

    private static final int LOOKS = 300;
    private static final long LOOK_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SESSION = "Mcp-Session-Id";
    private static final String JSON = "application/json";
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"rehearsal\",\"version\":\"1\"}}}";
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    Rehearsal(String url) {
        this.url = url;
    }

    /** What a node by itself can be asked. */
    void single() throws IOException, InterruptedException {
        get("/health/ready");
        get("/metrics");
        get("/dashboard");
        String session = begin();
        for (int round = 0; round < ROUNDS; round++) {
            text(post("/mcp", LIST).header(SESSION, session).build());
            text(post("/events/rehearsal", "hello").build());
        }
        listen("/events/rehearsal");
        listen("/sse");
    }

    /** Waits until the node has joined. What it cannot do without its store it is not asked for. */
    void clustered() throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS && !get("/health").contains("\"joined\""); look++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private String begin() throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(post("/mcp", INITIALIZE).build(), BodyHandlers.ofString());
        return answer.headers().firstValue(SESSION).orElseThrow(() -> new IOException("no session was opened"));
    }

    private String get(String path) throws IOException, InterruptedException {
        return text(to(path).build());
    }

    private String text(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString()).body();
    }

    /** Takes the beginning of a stream, and goes. */
    private void listen(String path) throws IOException, InterruptedException {
        HttpRequest request = to(path).header("Accept", "text/event-stream").build();
        try (InputStream stream =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            stream.read();
        }
    }

    private HttpRequest.Builder post(String path, String body) {
        return to(path).header("Content-Type", JSON)
                .header("Accept", JSON + ", text/event-stream")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
    }
}
