package dev.lifeline.gateway.rpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lifeline.gateway.rpc.Message.Kind;
import java.io.IOException;
import java.util.function.Supplier;

/** Reads one message in one pass, whatever the order of its members; what they mean together is judged at its end. */
final class MessageParser {

    private static final int LONGEST_METHOD = 1024;

    private final JsonParser parser;
    private final DetailsReader details;
    private boolean versioned;
    private boolean identified;
    private String id;
    private boolean asks;
    private String method;
    private boolean succeeded;
    private boolean failed;
    private String fault;

    private MessageParser(JsonParser parser) {
        this.parser = parser;
        this.details = new DetailsReader(parser);
    }

    /**
     * Reads the object the parser has entered, to its end.
     *
     * @param text gives the text of it afterwards
     */
    static Message read(JsonParser parser, Supplier<String> text) throws IOException {
        MessageParser message = new MessageParser(parser);
        message.members();
        return message.judged(text);
    }

    private void members() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (member) {
                case "jsonrpc" -> versioned = "2.0".equals(DetailsReader.string(parser));
                case "id" -> id();
                case "method" -> method();
                case "params" -> params(token);
                case "result" -> result(token);
                case "error" -> error(token);
                default -> {}
            }
            parser.skipChildren();
        }
    }

    private void id() throws IOException {
        identified = true;
        id = RpcId.read(parser);
    }

    private void method() throws IOException {
        asks = true;
        method = DetailsReader.string(parser);
        if (method == null || method.length() > LONGEST_METHOD) {
            fault = "method is no string, or too long";
        }
    }

    /** Null is no value for it, but some clients say so where they mean nothing. */
    private void params(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            details.params();
        } else if (token != JsonToken.START_ARRAY && token != JsonToken.VALUE_NULL) {
            fault = "params is neither an object nor an array";
        }
    }

    private void result(JsonToken token) throws IOException {
        succeeded = true;
        if (token == JsonToken.START_OBJECT) {
            details.result();
        }
    }

    private void error(JsonToken token) {
        failed = true;
        if (token != JsonToken.START_OBJECT) {
            fault = "error is no object";
        }
    }

    private Message judged(Supplier<String> text) {
        String wrong = wrong();
        if (wrong != null) {
            throw RpcError.invalid(wrong, id);
        }
        return new Message(kind(), id, method, details.found(method), text.get());
    }

    private String wrong() {
        if (!versioned) {
            return "jsonrpc is not \"2.0\"";
        }
        if (fault != null) {
            return fault;
        }
        int kinds = (asks ? 1 : 0) + (succeeded ? 1 : 0) + (failed ? 1 : 0);
        if (kinds != 1) {
            return "it must have one of method, result and error";
        }
        // An error may answer what nobody could read; everything else that has an id, or needs one, must have a real
        // one.
        boolean needsId = succeeded || (asks && identified);
        return needsId && id == null ? "id is no string and no whole number, or too long" : null;
    }

    private Kind kind() {
        if (asks) {
            return identified ? Kind.REQUEST : Kind.NOTIFICATION;
        }
        return succeeded ? Kind.RESULT : Kind.ERROR;
    }
}
