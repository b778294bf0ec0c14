package dev.lifeline.gateway.fake;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client with the habits of Toolman's: looks for the session in the first bytes, makes up the path to post to, reads by
 * lines with a flag and a buffer, takes whatever JSON comes next for its answer, and leaves each of its streams open.
 */
public final class Toolman {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI sse;
    private final String name;
    private final BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>();
    private final StringBuilder gathered = new StringBuilder();
    private boolean inData;
    private Socket socket;
    private URI messages;

    public Toolman(URI sse, String name) {
        this.sse = sse;
        this.name = name;
    }

    /** What discovery does first: one chunk, in which the session must be named. */
    public String firstChunk() throws Exception {
        connect();
        String first = chunks.poll(10, TimeUnit.SECONDS);
        socket.close();
        return first;
    }

    /** The whole of it: a stream, the handshake, the request; the stream stays open. */
    public JsonObject call(String method) throws Exception {
        return call(method, "{}");
    }

    public JsonObject call(String method, String params) throws Exception {
        connect();
        String session = sessionOf(chunks.poll(10, TimeUnit.SECONDS));
        String base = sse.toString().substring(0, sse.toString().length() - "/sse".length());
        messages = URI.create(base + "/message?sessionId=" + session);
        Thread reader = new Thread(this::readAnswers, "toolman");
        reader.setDaemon(true);
        reader.start();
        post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2024-11-05\","
                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"" + name + "\",\"version\":\"1.0.0\"}}}");
        answer();
        post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\",\"params\":{}}");
        post("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + method + "\",\"params\":" + params + "}");
        return answer();
    }

    private void connect() throws IOException {
        socket = new Socket(sse.getHost(), sse.getPort());
        socket.getOutputStream()
                .write(("GET " + sse.getPath() + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(this::readChunks, "toolman");
        reader.setDaemon(true);
        reader.start();
    }

    private void readChunks() {
        try {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            Chunked chunked = new Chunked(
                    (bytes, range) -> chunks.add(new String(bytes, range[0], range[1], StandardCharsets.UTF_8)));
            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = socket.getInputStream().read(buffer)) >= 0; ) {
                chunked.feed(buffer, 0, count);
            }
        } catch (IOException over) {
            // As it does.
        }
    }

    private static String sessionOf(String chunk) {
        String data = chunk.lines()
                .filter(line -> line.startsWith("data: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no data line in the first chunk: " + chunk));
        return data.split("sessionId=")[1];
    }

    private void readAnswers() {
        try {
            while (true) {
                chunks.take().lines().forEach(this::line);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void line(String line) {
        if (line.equals("event: message")) {
            inData = true;
            gathered.setLength(0);
        } else if (line.startsWith("data: ") && inData) {
            gathered.append(gathered.isEmpty() ? "" : "\n").append(line.substring(6));
        } else if (line.startsWith("data: ")) {
            gathered.setLength(0);
            gathered.append(line.substring(6));
        } else if (line.isBlank() && !gathered.isEmpty()) {
            parse();
        } else if (inData && !line.isBlank()) {
            gathered.append(line);
        }
    }

    private void parse() {
        try {
            answers.add(new JsonObject(gathered.toString()));
            gathered.setLength(0);
            inData = false;
        } catch (DecodeException lost) {
            // It goes on with what it has, and so loses the answer.
        }
    }

    /** What came beyond what it asked for. */
    public List<JsonObject> heard() {
        return List.copyOf(answers);
    }

    private JsonObject answer() throws InterruptedException {
        JsonObject answer = answers.poll(10, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer for 10 s");
        }
        return answer;
    }

    private void post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(messages)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 != 2) {
            throw new AssertionError("status " + status);
        }
    }
}
