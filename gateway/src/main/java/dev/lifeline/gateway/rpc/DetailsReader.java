package dev.lifeline.gateway.rpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lifeline.gateway.rpc.Details.Client;
import java.io.IOException;

/** Picks the members that matter out of {@code params} and {@code result}, and passes over the rest. */
final class DetailsReader {

    private static final String MODERN = "io.modelcontextprotocol/protocolVersion";

    private final JsonParser parser;
    private String askedToken;
    private String meantToken;
    private String requestId;
    private String name;
    private String uri;
    private String protocolVersion;
    private String modernVersion;
    private Client client;

    DetailsReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads the object the parser has entered, to its end. */
    void params() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "_meta" -> meta();
                case "progressToken" -> meantToken = RpcId.read(parser);
                case "requestId" -> requestId = RpcId.read(parser);
                case "name" -> name = string(parser);
                case "uri" -> uri = string(parser);
                case "protocolVersion" -> protocolVersion = string(parser);
                case "clientInfo" -> client();
                default -> {}
            }
            // A member that is not what it should be counts as missing: whether that is wrong, the upstream says.
            parser.skipChildren();
        }
    }

    /** Reads the object the parser has entered, to its end. */
    void result() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean version = "protocolVersion".equals(parser.currentName());
            parser.nextToken();
            if (version) {
                protocolVersion = string(parser);
            }
            parser.skipChildren();
        }
    }

    private void meta() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            if ("progressToken".equals(member)) {
                askedToken = RpcId.read(parser);
            } else if (MODERN.equals(member)) {
                modernVersion = string(parser);
            }
            parser.skipChildren();
        }
    }

    private void client() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        String called = null;
        String version = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            if ("name".equals(member)) {
                called = string(parser);
            } else if ("version".equals(member)) {
                version = string(parser);
            }
            parser.skipChildren();
        }
        client = new Client(called, version);
    }

    static String string(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    /** What was found, as a message of this method means it; the method is null in an answer. */
    Details found(String method) {
        if (method == null) {
            return protocolVersion == null ? Details.NONE : new Details(null, null, null, protocolVersion, null, null);
        }
        String token = "notifications/progress".equals(method) ? meantToken : askedToken;
        Details details = new Details(
                token,
                requestId,
                named(method),
                protocolVersion,
                modernVersion,
                "initialize".equals(method) ? client : null);
        return details.equals(Details.NONE) ? Details.NONE : details;
    }

    private String named(String method) {
        return name == null || method.startsWith("resources/") ? uri : name;
    }
}
