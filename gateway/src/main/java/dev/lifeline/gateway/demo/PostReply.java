package dev.lifeline.gateway.demo;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The response to one POST: JSON where all is answered at once, and else a stream of events. Who takes no stream waits
 * for its JSON and misses what would have come before.
 */
final class PostReply implements Reply {

    private final HttpServerResponse response;
    private final Accepted accepted;
    private final Set<EventStream> streams;
    private final List<JsonObject> answers = new ArrayList<>();
    private EventStream stream;
    private int outstanding;
    private boolean gone;

    /** What the client takes for an answer, and whether it asked several things at once. */
    record Accepted(boolean json, boolean stream, boolean batch) {

        static Accepted of(String header, boolean batch) {
            String accept = header == null ? "*/*" : header;
            return new Accepted(
                    accept.contains("application/json") || accept.contains("*/*"),
                    accept.contains("text/event-stream"),
                    batch);
        }

        boolean nothing() {
            return !json && !stream;
        }
    }

    PostReply(HttpServerResponse response, Accepted accepted, Set<EventStream> streams, int outstanding) {
        this.response = response;
        this.accepted = accepted;
        this.streams = streams;
        this.outstanding = outstanding;
        if (!accepted.json()) {
            begin();
        }
    }

    private void begin() {
        stream = new EventStream(response, streams);
        answers.forEach(stream::send);
        answers.clear();
    }

    @Override
    public boolean send(JsonObject message) {
        if (gone || !accepted.stream()) {
            return false;
        }
        if (stream == null) {
            begin();
        }
        return stream.send(message);
    }

    @Override
    public void answer(JsonObject message) {
        outstanding--;
        if (message != null && stream != null) {
            stream.send(message);
        } else if (message != null) {
            answers.add(message);
        }
        if (outstanding == 0 && !gone) {
            finish();
        }
    }

    /** Everything was asked; what is not answered yet takes longer. */
    void asked() {
        if (outstanding > 0 && stream == null && accepted.stream()) {
            begin();
        }
    }

    /** The client is gone, and the answers with it. */
    void lost() {
        gone = true;
        if (stream != null) {
            stream.gone();
        }
    }

    private void finish() {
        if (stream != null) {
            stream.end();
        } else if (answers.isEmpty()) {
            response.setStatusCode(202).end();
        } else {
            response.putHeader("Content-Type", "application/json")
                    .end(
                            accepted.batch()
                                    ? new JsonArray(answers).encode()
                                    : answers.get(0).encode());
        }
    }
}
