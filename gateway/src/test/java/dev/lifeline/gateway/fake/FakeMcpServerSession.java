package dev.lifeline.gateway.fake;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** One session of a {@link FakeMcpServer}, and how it answers over Streamable HTTP; lives on its context. */
final class FakeMcpServerSession {

    private final String id;
    private final Vertx vertx;
    private final FakeMcpServerScript script;
    private final FakeMcpServerTools tools;
    private final Map<String, FakeMcpServerStream> streams = new HashMap<>();
    private final FakeMcpServerStream standing;

    FakeMcpServerSession(String id, Vertx vertx, FakeMcpServerScript script, Consumer<String> executed) {
        this.id = id;
        this.vertx = vertx;
        this.script = script;
        this.tools = new FakeMcpServerTools(executed);
        this.standing = stream("standing");
    }

    String id() {
        return id;
    }

    FakeMcpServerStream standing() {
        return standing;
    }

    FakeMcpServerTools tools() {
        return tools;
    }

    Vertx vertx() {
        return vertx;
    }

    void end() {
        streams.values().forEach(FakeMcpServerStream::cut);
    }

    /** A GET: the standing stream, or any stream after an event of it. */
    void listen(HttpServerRequest request) {
        String last = request.getHeader("Last-Event-ID");
        if (last == null) {
            standing.attach(request.response(), standing.length());
            return;
        }
        int cut = last.lastIndexOf('_');
        FakeMcpServerStream stream = cut < 0 ? null : streams.get(last.substring(0, cut));
        if (stream == null) {
            request.response().setStatusCode(400).end();
        } else {
            stream.attach(request.response(), Integer.parseInt(last.substring(cut + 1)));
        }
    }

    /** A POST with one message. */
    void take(JsonObject message, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String babble = message.containsKey("id") ? script.takeBabble() : null;
        if (babble != null) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .write(babble);
        } else if (!message.containsKey("method") || !message.containsKey("id")) {
            response.setStatusCode(202).end();
            tools.take(message, new Plain(response));
        } else if (script.style == FakeMcpServer.Style.SSE) {
            tools.take(message, new Streamed(response, String.valueOf(message.getValue("id"))));
        } else {
            tools.take(message, new Plain(response));
        }
    }

    private FakeMcpServerStream stream(String name) {
        FakeMcpServerStream stream = new FakeMcpServerStream(name, script.eventIds);
        streams.put(name, stream);
        return stream;
    }

    void later(long millis, Runnable what) {
        if (millis <= 0) {
            what.run();
        } else {
            vertx.setTimer(millis, due -> what.run());
        }
    }

    /** The answer in one piece; all else goes to the standing stream. */
    private final class Plain implements FakeMcpServerTools.Wire {

        private final HttpServerResponse response;

        Plain(HttpServerResponse response) {
            this.response = response;
        }

        @Override
        public void related(JsonObject message) {
            push(message);
        }

        @Override
        public void answer(JsonObject message) {
            later(script.delay, () -> {
                if (script.takeCut() >= 0) {
                    die();
                } else if (script.style == FakeMcpServer.Style.STANDING
                        && !message.encode().contains("serverInfo")) {
                    response.setStatusCode(202).end();
                    standing.say(message.encode());
                } else {
                    boolean array = script.style == FakeMcpServer.Style.JSON_ARRAY;
                    response.setStatusCode(200)
                            .putHeader("Content-Type", "application/json")
                            .end(array ? "[" + message.encode() + "]" : message.encode());
                }
            });
        }

        @Override
        public void push(JsonObject message) {
            standing.say(message.encode());
        }

        @Override
        public void later(long millis, Runnable what) {
            FakeMcpServerSession.this.later(millis, what);
        }

        @Override
        public void die() {
            response.reset();
        }
    }

    /** An event stream of its own. */
    private final class Streamed implements FakeMcpServerTools.Wire {

        private final FakeMcpServerStream stream;

        Streamed(HttpServerResponse response, String request) {
            stream = stream("answer-" + request.replace(' ', '-'));
            stream.cutAfter(script.takeCut());
            stream.attach(response, 0);
            Long retry = script.takeCloseEarly();
            if (script.eventIds) {
                stream.prime(retry);
            }
            if (retry != null) {
                stream.end();
            }
        }

        @Override
        public void related(JsonObject message) {
            stream.say(message.encode());
        }

        @Override
        public void answer(JsonObject message) {
            later(script.delay, () -> stream.last(message.encode()));
        }

        @Override
        public void push(JsonObject message) {
            standing.say(message.encode());
        }

        @Override
        public void later(long millis, Runnable what) {
            FakeMcpServerSession.this.later(millis, what);
        }

        @Override
        public void die() {
            streams.values().remove(stream);
            stream.cut();
        }
    }
}
