package dev.lifeline.gateway.rpc;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Reads JSON-RPC out of bytes that nobody has looked at yet, within bounds. */
public final class MessageReader {

    /** What a body holds: one message, or several in an array. */
    public record Body(boolean batch, List<Message> messages) {}

    private final int deepest;

    public MessageReader(int deepest) {
        this.deepest = deepest;
    }

    /** Reads a whole body; what it cannot mean fails with an {@link RpcError}. */
    public Body read(Buffer bytes) {
        throw new UnsupportedOperationException("not written yet, depth " + deepest);
    }

    /** Reads the data of one event or one line: a single message, never a batch. */
    public Message readOne(String text) {
        throw new UnsupportedOperationException("not written yet");
    }
}
