package dev.lifeline.gateway.fake;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

/** The HTTP+SSE transport of a {@link FakeMcpServer}: one stream for everything, and a place to post to. */
final class FakeMcpServerLegacy {

    private final Supplier<FakeMcpServerSession> begin;
    private final FakeMcpServerScript script;

    FakeMcpServerLegacy(Supplier<FakeMcpServerSession> begin, FakeMcpServerScript script) {
        this.begin = begin;
        this.script = script;
    }

    void open(HttpServerRequest request, Map<String, FakeMcpServerSession> sessions) {
        String last = request.getHeader("Last-Event-ID");
        FakeMcpServerSession session = last == null ? null : sessions.get(last.substring(0, last.indexOf('_')));
        boolean back = session != null;
        if (!back) {
            session = begin.get();
            sessions.put(session.id(), session);
        }
        FakeMcpServerStream stream = session.standing();
        stream.named(session.id());
        int after = back ? Integer.parseInt(last.substring(last.indexOf('_') + 1)) : 0;
        if (script.silent) {
            script.silent = false;
            stream.attach(request.response(), 0);
            return;
        }
        stream.attachLegacy(request.response(), endpoint(session), after);
    }

    private String endpoint(FakeMcpServerSession session) {
        return script.endpoint == null ? "/message?sessionId=" + session.id() : script.endpoint;
    }

    void post(HttpServerRequest request, Buffer body, Map<String, FakeMcpServerSession> sessions) {
        FakeMcpServerSession session = sessions.get(String.valueOf(request.getParam("sessionId")));
        if (session == null) {
            request.response().setStatusCode(404).end();
            return;
        }
        request.response().setStatusCode(202).end("Accepted");
        session.tools().take(new JsonObject(body), new Standing(session));
    }

    /** Everything goes to the one stream there is. */
    private final class Standing implements FakeMcpServerTools.Wire {

        private final FakeMcpServerSession session;

        Standing(FakeMcpServerSession session) {
            this.session = session;
        }

        @Override
        public void related(JsonObject message) {
            push(message);
        }

        @Override
        public void answer(JsonObject message) {
            session.later(script.delay, () -> {
                if (script.takeCut() >= 0) {
                    die();
                }
                push(message);
            });
        }

        @Override
        public void push(JsonObject message) {
            session.standing().say(message.encode());
        }

        @Override
        public void later(long millis, Runnable what) {
            session.later(millis, what);
        }

        @Override
        public void die() {
            session.standing().cut();
        }
    }
}
