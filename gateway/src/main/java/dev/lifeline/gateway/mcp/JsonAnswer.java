package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseParser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/** A POST's answer as one piece of JSON, put together from the events of its stream: answers are kept, the rest is not. */
final class JsonAnswer implements SseParser.Sink {

    /** These bytes are our own. */
    private static final Bounds OURS = new Bounds(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final HttpServerResponse response;
    private final MessageReader reader;
    private final boolean batch;
    private final List<String> answers = new ArrayList<>();
    private boolean onlyAnswers = true;

    JsonAnswer(HttpServerResponse response, MessageReader reader, boolean batch) {
        this.response = response;
        this.reader = reader;
        this.batch = batch;
    }

    /** Takes events as they would have been written. */
    void take(byte[] frames) {
        new SseParser(OURS, this).feed(frames, 0, frames.length);
    }

    @Override
    public void event(String id, String type, String data) {
        if (isAnswer(data)) {
            answers.add(data);
        } else {
            onlyAnswers = false;
        }
    }

    private boolean isAnswer(String data) {
        try {
            return reader.readOne(data).isAnswer();
        } catch (RpcError unreadable) {
            // The client may make more of it than we do; as an event it gets it.
            return false;
        }
    }

    int answers() {
        return answers.size();
    }

    boolean onlyAnswers() {
        return onlyAnswers;
    }

    /** A sign of life that does not change what the answer will say. */
    void keepWarm() {
        if (!response.headWritten()) {
            response.setChunked(true);
            head();
        }
        response.write("\n");
    }

    /** A request that was called off has no answer; then there is nothing to say. */
    void end() {
        if (answers.isEmpty() && !response.headWritten()) {
            response.setStatusCode(202).end();
            return;
        }
        if (!response.headWritten()) {
            head();
        }
        response.end(batch ? "[" + String.join(",", answers) + "]" : String.join("", answers));
    }

    private void head() {
        response.putHeader(HttpHeaders.CONTENT_TYPE, McpHeaders.JSON).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
