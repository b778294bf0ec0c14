package dev.lifeline.gateway.demo;

import dev.lifeline.event.Event;
import dev.lifeline.wire.SseEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** A response that is a stream of events. Keeps nothing: who loses it has lost what it would have said. */
final class EventStream {

    private static final Buffer BEAT = Buffer.buffer(SseEncoder.comment(""));

    private final HttpServerResponse response;
    private final Set<EventStream> open;

    /**
     * Begins the response.
     *
     * @param open all there are; it is among them for as long as it can be written to
     */
    EventStream(HttpServerResponse response, Set<EventStream> open) {
        this.response = response;
        this.open = open;
        open.add(this);
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.writeHead();
    }

    /** False when it is over; also for a reader that reads too slowly, who loses it now. */
    boolean send(JsonObject message) {
        if (!open.contains(this)) {
            return false;
        }
        if (response.writeQueueFull()) {
            gone();
            response.reset();
            return false;
        }
        response.write(Buffer.buffer(SseEncoder.named(null, Event.message(message.encode()))));
        return true;
    }

    /** A comment, so that nobody on the way takes it for dead. */
    void beat() {
        if (!response.writeQueueFull()) {
            response.write(BEAT);
        }
    }

    void end() {
        if (open.contains(this)) {
            gone();
            response.end();
        }
    }

    /** The connection is no more. */
    void gone() {
        open.remove(this);
    }
}
