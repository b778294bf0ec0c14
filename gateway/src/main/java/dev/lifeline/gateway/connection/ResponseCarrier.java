package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.stream.Frames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The way that works everywhere: HTTP/2, compressed streams and HTTP/1.0, through the public response. */
final class ResponseCarrier implements Carrier {

    private final HttpServerResponse response;

    ResponseCarrier(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public boolean writable() {
        return !response.writeQueueFull();
    }

    @Override
    public long unsent() {
        return 0;
    }

    @Override
    public void whenWritable(Runnable resume) {
        response.drainHandler(drained -> {
            response.drainHandler(null);
            resume.run();
        });
    }

    @Override
    public void write(Frames frames) {
        response.write(Buffer.buffer(frames.plain()));
    }

    @Override
    public void end() {
        response.end();
    }

    @Override
    public void abort() {
        response.reset();
    }
}
