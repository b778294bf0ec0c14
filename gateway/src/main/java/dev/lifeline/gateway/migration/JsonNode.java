package dev.lifeline.gateway.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A piece of JSON and where it stands in its text, so that one value can be replaced and everything else stays as it was.
 * Comments and a comma too many are read over, as the programs whose files these are do.
 *
 * @param from the first character
 * @param to after the last one
 * @param text of a string what it says; null of everything else
 * @param members of an object; empty of everything else
 * @param items of an array; empty of everything else
 */
record JsonNode(int from, int to, String text, Map<String, JsonNode> members, List<JsonNode> items) {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Reads a whole text; one that is no JSON is an {@link UnreadableConfiguration}. */
    static JsonNode read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new UnreadableConfiguration("there is nothing in it");
            }
            JsonNode node = node(parser);
            if (parser.nextToken() != null) {
                throw new UnreadableConfiguration(
                        "line " + parser.currentTokenLocation().getLineNr() + ": something follows the end of it");
            }
            return node;
        } catch (JsonProcessingException wrong) {
            throw new UnreadableConfiguration("line " + wrong.getLocation().getLineNr() + ", column "
                    + wrong.getLocation().getColumnNr() + ": " + wrong.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode node(JsonParser parser) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        Map<String, JsonNode> members = new LinkedHashMap<>();
        List<JsonNode> items = new ArrayList<>();
        String text = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, node(parser));
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node(parser));
            }
        } else {
            // Reads it to its end, which is where the parser then stands.
            String whole = parser.getText();
            text = parser.currentToken() == JsonToken.VALUE_STRING ? whole : null;
        }
        int to = (int) parser.currentLocation().getCharOffset();
        return new JsonNode(from, to, text, members, items);
    }

    Optional<JsonNode> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** What a string member says. */
    Optional<String> says(String name) {
        return member(name).map(JsonNode::text);
    }
}
