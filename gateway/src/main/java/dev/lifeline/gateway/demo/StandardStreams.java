package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The server on a pair of byte streams, a message a line. One thread does everything but reading; who reads waits for it,
 * so that nothing queues up.
 */
final class StandardStreams implements Reply {

    private static final int LONGEST_LINE = 4 << 20;

    private final OutputStream out;
    private final ScheduledExecutorService thread;
    private final Conversation legacy;
    private final Conversation modern;

    StandardStreams(OutputStream out, ScheduledExecutorService thread, Methods methods, Audience audience) {
        Timer timer = (millis, what) -> {
            ScheduledFuture<?> later = thread.schedule(what, millis, TimeUnit.MILLISECONDS);
            return () -> later.cancel(false);
        };
        this.out = out;
        this.thread = thread;
        this.legacy = new Conversation(methods, timer);
        this.modern = new Conversation(methods, timer);
        modern.opened(new JsonObject(), Revisions.MODERN);
        legacy.listens(this::send);
        audience.joins(legacy);
    }

    /** Serves until the input ends. */
    void serve(InputStream in) throws IOException {
        InputStream bytes = new BufferedInputStream(in);
        for (Optional<String> line = line(bytes); line.isPresent(); line = line(bytes)) {
            String text = line.get();
            try {
                thread.submit(() -> take(text)).get();
            } catch (ExecutionException gone) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static Optional<String> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (line.size() == LONGEST_LINE) {
                throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
            next = in.read();
        }
        return next < 0 && line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    private void take(String line) {
        if (line.isBlank()) {
            return;
        }
        try {
            JsonObject message = new JsonObject(line);
            Optional<RpcError> fault = Rpc.fault(message);
            if (fault.isPresent()) {
                send(Rpc.error(null, fault.get().code(), fault.get().getMessage()));
            } else {
                route(message);
            }
        } catch (DecodeException notJson) {
            send(Rpc.error(null, Rpc.PARSE_ERROR, "not a JSON object"));
        }
    }

    private void route(JsonObject message) {
        boolean request = Rpc.isRequest(message);
        Optional<JsonObject> fault = request && Modern.is(message)
                ? Modern.silence(message).or(() -> Modern.foreign(message))
                : Optional.empty();
        if (fault.isPresent()) {
            send(fault.get());
        } else if (request && Modern.is(message)) {
            modern.receive(message, new ModernReply(message.getString("method"), this));
        } else {
            legacy.receive(message, this);
            if (!request) {
                modern.receive(message, this);
            }
        }
    }

    @Override
    public boolean send(JsonObject message) {
        try {
            out.write((message.encode() + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return true;
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void answer(JsonObject message) {
        if (message != null) {
            send(message);
        }
    }
}
