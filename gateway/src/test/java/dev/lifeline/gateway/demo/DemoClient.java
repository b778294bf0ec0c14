package dev.lifeline.gateway.demo;

import static dev.lifeline.gateway.fake.RunningGateway.await;

import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client of the demo that says every byte itself, and the demo it speaks to. */
final class DemoClient implements AutoCloseable {

    static final String NEWEST = "2025-11-25";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Vertx vertx = Vertx.vertx();
    private final DemoUpstream demo = await(DemoUpstream.start(vertx, 0));
    private int ids;

    String url() {
        return demo.url();
    }

    DemoUpstream demo() {
        return demo;
    }

    /** Opens a session and gives back its id. */
    String opens(String capabilities, String revision) {
        HttpResponse<String> answer = post(initialize(capabilities, revision), Map.of());
        String session = answer.headers().firstValue("Mcp-Session-Id").orElseThrow();
        post("{'jsonrpc':'2.0','method':'notifications/initialized'}", in(session));
        return session;
    }

    String opens() {
        return opens("{}", NEWEST);
    }

    static String initialize(String capabilities, String revision) {
        return "{'jsonrpc':'2.0','id':0,'method':'initialize','params':{'protocolVersion':'" + revision
                + "','capabilities':" + capabilities + ",'clientInfo':{'name':'test','version':'1'}}}";
    }

    static Map<String, String> in(String session) {
        return Map.of("Mcp-Session-Id", session);
    }

    /** A message in which ' stands for ". */
    HttpResponse<String> post(String body, Map<String, String> headers) {
        return send("POST", body.replace('\'', '"'), headers);
    }

    HttpResponse<String> send(String method, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url()))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        all(headers).forEach(request::setHeader);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> all(Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json, text/event-stream");
        headers.put("Content-Type", "application/json");
        headers.putAll(more);
        headers.values().removeIf(String::isEmpty);
        return headers;
    }

    /** The result of a request that is answered at once. */
    JsonObject result(String session, String method, String params) {
        return new JsonObject(post(request(method, params), in(session)).body()).getJsonObject("result");
    }

    /** The error of a request that is answered at once. */
    JsonObject error(String session, String method, String params) {
        return new JsonObject(post(request(method, params), in(session)).body()).getJsonObject("error");
    }

    String request(String method, String params) {
        return "{'jsonrpc':'2.0','id':" + ++ids + ",'method':'" + method + "','params':" + params + "}";
    }

    static String call(String tool, String arguments) {
        return "{'name':'" + tool + "','arguments':" + arguments + "}";
    }

    /** What a tool says that answers at once. */
    String says(String session, String tool, String arguments) {
        return text(result(session, "tools/call", call(tool, arguments)));
    }

    static String text(JsonObject result) {
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    /** A request whose answer is a stream. */
    SseClient streams(String body, Map<String, String> headers) {
        return open("POST", body.replace('\'', '"'), headers);
    }

    SseClient listens(String session) {
        return open("GET", "", in(session));
    }

    private SseClient open(String method, String body, Map<String, String> headers) {
        StringBuilder head = new StringBuilder(method + " /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        all(headers)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (method.equals("POST")) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        try {
            return new SseClient(new Socket("127.0.0.1", demo.port()), head + "\r\n" + body).listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message on a stream. */
    static JsonObject next(SseClient stream) {
        return new JsonObject(stream.event().text());
    }

    @Override
    public void close() {
        await(demo.close());
        await(vertx.close());
    }
}
