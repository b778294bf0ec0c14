package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.stream.Frames;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The way that works everywhere: HTTP/2, compressed streams and HTTP/1.0, through the public response. */
final class ResponseCarrier implements Carrier {

    private final HttpServerRequest request;
    private final HttpServerResponse response;

    ResponseCarrier(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
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
        Future<Void> ended = response.end();
        if (request.version() == HttpVersion.HTTP_1_0) {
            // There an answer of unknown length ends with its connection.
            ended.onComplete(written -> request.connection().close());
        }
    }

    @Override
    public void abort() {
        response.reset();
    }
}
