package dev.lifeline.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON-RPC out of bytes that nobody has looked at yet, within bounds. One pass and no tree: what does not decide
 * where a message goes is checked and passed over.
 */
public final class MessageReader {

    private static final int MOST_IN_A_BATCH = 1000;

    /** What a body holds: one message, or several in an array. */
    public record Body(boolean batch, List<Message> messages) {

        /** The same body, as part of a trace. */
        public Body in(TraceContext trace) {
            return new Body(
                    batch, messages.stream().map(message -> message.in(trace)).toList());
        }
    }

    private final JsonFactory json;

    /**
     * A reader of JSON that is nested no deeper than this.
     *
     * @param deepest counts the message itself, and the array of a batch
     */
    public MessageReader(int deepest) {
        this.json = StrictJson.factory(deepest);
    }

    /** Reads a whole body; what it cannot mean fails with an {@link RpcError}. */
    public Body read(Buffer bytes) {
        return read(bytes.getBytes());
    }

    /** Reads the data of one event or one line: a single message, never a batch. */
    public Message readOne(String text) {
        Body body = read(text.getBytes(UTF_8));
        if (body.batch()) {
            throw RpcError.invalid("a batch is not allowed here", null);
        }
        return body.messages().get(0);
    }

    private Body read(byte[] bytes) {
        StrictJson.refuseOtherEncodings(bytes);
        try (JsonParser parser = json.createParser(bytes)) {
            parser.nextToken();
            Body body = body(parser, bytes);
            StrictJson.end(parser);
            return body;
        } catch (IOException e) {
            throw StrictJson.unreadable(e);
        }
    }

    /** What is no message may yet be no JSON, and then that is what is wrong with it. */
    private static Body body(JsonParser parser, byte[] bytes) throws IOException {
        try {
            return parser.currentToken() == JsonToken.START_ARRAY ? batch(parser, bytes) : single(parser, bytes);
        } catch (RpcError invalid) {
            StrictJson.end(parser);
            throw invalid;
        }
    }

    private static Body single(JsonParser parser, byte[] bytes) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw RpcError.invalid("a message is an object", null);
        }
        return new Body(false, List.of(message(parser, bytes)));
    }

    private static Body batch(JsonParser parser, byte[] bytes) throws IOException {
        List<Message> messages = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw RpcError.invalid("a message is an object", null);
            }
            if (messages.size() == MOST_IN_A_BATCH) {
                throw RpcError.invalid("more than " + MOST_IN_A_BATCH + " messages in a batch", null);
            }
            messages.add(message(parser, bytes));
        }
        if (messages.isEmpty()) {
            throw RpcError.invalid("an empty batch", null);
        }
        return new Body(true, messages);
    }

    private static Message message(JsonParser parser, byte[] bytes) throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        return MessageParser.read(parser, () -> {
            int to = (int) parser.currentLocation().getByteOffset();
            return StrictJson.oneLine(bytes, from, to);
        });
    }
}
