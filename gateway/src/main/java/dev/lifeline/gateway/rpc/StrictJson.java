package dev.lifeline.gateway.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** JSON as the standard has it and no more: UTF-8 without a mark, no name twice in an object, bounded in every way. */
final class StrictJson {

    private static final int LONGEST_NUMBER = 1000;
    private static final int LONGEST_NAME = 50_000;

    private StrictJson() {}

    static JsonFactory factory(int deepest) {
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(deepest)
                .maxNumberLength(LONGEST_NUMBER)
                .maxNameLength(LONGEST_NAME)
                .build();
        TSFBuilder<?, ?> builder = JsonFactory.builder()
                .streamReadConstraints(bounds)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Names are whatever a client wrote: none of them is kept beyond what a table of bounded size holds.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES);
        return (JsonFactory) builder.build();
    }

    /** A parser would guess UTF-16 and UTF-32 from their zeros, and pass over a mark. */
    static void refuseOtherEncodings(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0 || bytes[i] < 0 && i == 0) {
                throw RpcError.unreadable("not UTF-8, or with a byte order mark");
            }
        }
    }

    /** Reads to the end, where nothing but white space may follow what was begun. */
    static void end(JsonParser parser) throws IOException {
        while (!parser.getParsingContext().inRoot()) {
            parser.nextToken();
        }
        if (parser.currentToken() == null || parser.nextToken() != null) {
            throw RpcError.unreadable("not one JSON text");
        }
    }

    /** The text of what was found to be JSON, where line breaks stand between tokens only. */
    static String oneLine(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, UTF_8);
        // What is not UTF-8 was replaced by this character; but it may also have been there.
        if (text.indexOf('\ufffd') >= 0) {
            decodeStrictly(ByteBuffer.wrap(bytes, from, to - from));
        }
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    private static void decodeStrictly(ByteBuffer bytes) {
        try {
            UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            throw RpcError.unreadable("not UTF-8");
        }
    }

    static RpcError unreadable(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return RpcError.unreadable("nested too deep, or a number or name too long");
        }
        if (e instanceof JsonProcessingException at && at.getLocation() != null) {
            return RpcError.unreadable("not JSON at byte " + at.getLocation().getByteOffset());
        }
        return RpcError.unreadable("not JSON");
    }
}
