package dev.lifeline.gateway.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * What a server says of its tools.
 *
 * @param names of all of them
 * @param safe names of those that may be called twice: they only read, or twice is like once
 */
public record ToolTraits(Set<String> names, Set<String> safe) {

    public static final ToolTraits NONE = new ToolTraits(Set.of(), Set.of());

    private static final int MOST = 10_000;
    private static final JsonFactory JSON = StrictJson.factory(1000);

    /** Reads the text of an answer to {@code tools/list}; one that cannot be understood says nothing. */
    public static ToolTraits of(String answer) {
        try (JsonParser parser = JSON.createParser(answer)) {
            Set<String> names = new HashSet<>();
            Set<String> safe = new HashSet<>();
            if (enter(parser, "result") && enter(parser, "tools")) {
                tools(parser, names, safe);
            }
            return new ToolTraits(Set.copyOf(names), Set.copyOf(safe));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Goes into a member of the object that comes next. */
    private static boolean enter(JsonParser parser, String member) throws IOException {
        if (parser.currentToken() == null) {
            parser.nextToken();
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = member.equals(parser.currentName());
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static void tools(JsonParser parser, Set<String> names, Set<String> safe) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT && names.size() < MOST) {
            tool(parser, names, safe);
        }
    }

    private static void tool(JsonParser parser, Set<String> names, Set<String> safe) throws IOException {
        String name = null;
        boolean twice = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            if ("name".equals(member)) {
                name = DetailsReader.string(parser);
            } else if ("annotations".equals(member)) {
                twice = mayBeCalledTwice(parser);
            }
            parser.skipChildren();
        }
        if (name != null && !names.add(name)) {
            safe.remove(name);
        } else if (name != null && twice) {
            safe.add(name);
        }
    }

    private static boolean mayBeCalledTwice(JsonParser parser) throws IOException {
        boolean twice = false;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            boolean hint = "readOnlyHint".equals(member) || "idempotentHint".equals(member);
            twice |= parser.nextToken() == JsonToken.VALUE_TRUE && hint;
            parser.skipChildren();
        }
        return twice;
    }
}
