package dev.lifeline.gateway.rpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Reads ids and progress tokens: a string or a whole number, spelled in one way. The other side reads the value and
 * writes it again as it likes, with other escapes perhaps, or as 1.0; the id must still be the same text here.
 */
final class RpcId {

    static final int LONGEST = 1024;

    /** From here on a double no longer knows each whole number. */
    private static final double FIRST_INEXACT = 9_007_199_254_740_992d;

    private RpcId() {}

    /** The id the parser stands at, or null where what stands there is none. */
    static String read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            return text.length() > LONGEST ? null : Quoted.of(text);
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getText();
        }
        return token == JsonToken.VALUE_NUMBER_FLOAT ? whole(parser.getText()) : null;
    }

    private static String whole(String number) {
        double value = Double.parseDouble(number);
        boolean exact = value == Math.rint(value) && Math.abs(value) < FIRST_INEXACT;
        return exact ? Long.toString((long) value) : null;
    }
}
