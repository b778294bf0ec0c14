package dev.lifeline.gateway.rpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeline.gateway.rpc.Details.Client;
import dev.lifeline.gateway.rpc.Message.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a message, what is none, and what of it is told. */
class MessageReaderTest {

    private static final int DEEPEST = 64;

    private final MessageReader reader = new MessageReader(DEEPEST);

    private Message one(String text) {
        MessageReader.Body body = reader.read(Buffer.buffer(text));
        assertThat(body.batch()).isFalse();
        assertThat(body.messages()).containsExactly(reader.readOne(text));
        return body.messages().get(0);
    }

    private RpcError refused(Buffer bytes) {
        RpcError error = catchThrowableOfType(RpcError.class, () -> reader.read(bytes));
        assertThat(error).as(bytes.toString()).isNotNull();
        return error;
    }

    @Test
    void readsEachKind() {
        String request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertThat(one(request)).isEqualTo(new Message(Kind.REQUEST, "1", "ping", Details.NONE, request));
        String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
        assertThat(one(notification))
                .isEqualTo(
                        new Message(Kind.NOTIFICATION, null, "notifications/initialized", Details.NONE, notification));
        String result = "{\"result\":{},\"id\":\"a\",\"jsonrpc\":\"2.0\"}";
        assertThat(one(result)).isEqualTo(new Message(Kind.RESULT, "\"a\"", null, Details.NONE, result));
        String error = "{\"jsonrpc\":\"2.0\",\"id\":-7,\"error\":{\"code\":-32601,\"message\":\"no\"}}";
        assertThat(one(error)).isEqualTo(new Message(Kind.ERROR, "-7", null, Details.NONE, error));
        String nobodys = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{}}";
        assertThat(one(nobodys)).isEqualTo(new Message(Kind.ERROR, null, null, Details.NONE, nobodys));
    }

    @Test
    void keepsTheTextOnOneLine() {
        String text = "\r\n {\r\n\"jsonrpc\":\n\"2.0\",\"id\" : 1,\t\"method\":\"a\\nb\",\"x\":1.50E+3}\n";

        Message message = one(text);

        assertThat(message.text())
                .isEqualTo("{  \"jsonrpc\": \"2.0\",\"id\" : 1,\t\"method\":\"a\\nb\",\"x\":1.50E+3}");
        assertThat(message.method()).isEqualTo("a\nb");
    }

    @Test
    void keepsEveryCharacterAsItWas() {
        String text =
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"ä\":\"\\ud800 \\u0000 \ufffd 汉字👩‍👩‍👧\u2028\"}}";

        assertThat(one(text).text()).isEqualTo(text);
    }

    @Test
    void readsABatchEachWithItsOwnText() {
        String first = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ä\",\"params\":{\"name\":\"汉\"}}";
        String second = "{\"jsonrpc\":\"2.0\",\"method\":\"b\",\"params\":[{}]}";

        MessageReader.Body body = reader.read(Buffer.buffer(" [ " + first + "\n,\n" + second + "]\n"));

        assertThat(body.batch()).isTrue();
        assertThat(body.messages()).extracting(Message::text).containsExactly(first, second);
        assertThat(body.messages()).extracting(Message::method).containsExactly("ä", "b");
    }

    @Test
    void refusesABatchThatIsEmptyOrTooLongOrNotWhereOneIsExpected() {
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertThat(reader.read(Buffer.buffer("[" + (ping + ",").repeat(999) + ping + "]"))
                        .messages())
                .hasSize(1000);

        assertThat(refused(Buffer.buffer("[" + (ping + ",").repeat(1000) + ping + "]"))
                        .code())
                .isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(refused(Buffer.buffer("[]")).code()).isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(refused(Buffer.buffer("[1]")).code()).isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(refused(Buffer.buffer("[[" + ping + "]]")).code()).isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(refused(Buffer.buffer("[" + ping + ",{\"id\":8}]")).id()).isEqualTo("8");
        RpcError error = catchThrowableOfType(RpcError.class, () -> reader.readOne("[" + ping + "]"));
        assertThat(error.code()).isEqualTo(RpcError.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "1 | 1",
                "0 | 0",
                "-12345678901234567890 | -12345678901234567890",
                "1.0 | 1",
                "1e3 | 1000",
                "`\"a\"` | `\"a\"`",
                "`\"\"` | `\"\"`",
                "`\"a\\/b\\u003c\\u00e4\"` | `\"a/b<ä\"`",
                "`\"\\\"\\\\\\n\\r\\t\\u0001\\b\"` | `\"\\\"\\\\\\n\\r\\t\\u0001\\u0008\"`",
                "`\"\\ud83d\\ude00\"` | `\"😀\"`",
                "`\"\\ud83d\"` | `\"\\ud83d\"`",
                "`\"\\ude00x\"` | `\"\\ude00x\"`",
                "`\"\\ud83d\\ud83d\\ude00\"` | `\"\\ud83d😀\"`",
            })
    void spellsAnIdInOneWay(String written, String id) {
        assertThat(one("{\"jsonrpc\":\"2.0\",\"id\":" + written + ",\"method\":\"m\"}")
                        .id())
                .isEqualTo(id);
        assertThat(one(RpcError.answer(id, RpcError.NOT_RUN, "no", null)).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "{}", "[1]", "1.5", "1e400", "1e-5", "9007199254740993.0"})
    void refusesAnIdThatIsNone(String id) {
        for (String rest : List.of("\"method\":\"m\"", "\"result\":{}")) {
            RpcError error = refused(Buffer.buffer("{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + rest + "}"));

            assertThat(error.code()).isEqualTo(RpcError.INVALID_REQUEST);
            assertThat(error.id()).isNull();
        }
    }

    @Test
    void refusesNamesThatAreTooLong() {
        String longId = "{\"jsonrpc\":\"2.0\",\"id\":\"" + "x".repeat(1025) + "\",\"method\":\"m\"}";
        String longMethod = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + "x".repeat(1025) + "\"}";

        assertThat(refused(Buffer.buffer(longId)).code()).isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(refused(Buffer.buffer(longMethod)).id()).isEqualTo("2");
        assertThat(refused(Buffer.buffer("{\"" + "x".repeat(50_001) + "\":1}")).code())
                .isEqualTo(RpcError.PARSE);
        assertThat(refused(Buffer.buffer("{\"a\":" + "9".repeat(1001) + "}")).code())
                .isEqualTo(RpcError.PARSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":5,\"method\":\"m\"}",
                "{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"m\"}",
                "{\"jsonrpc\":2.0,\"id\":5,\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5}",
                "{\"method\":3,\"id\":5,\"jsonrpc\":\"2.0\"}",
                "{\"method\":null,\"id\":5,\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{},\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{},\"error\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"m\",\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":\"bad\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":1,\"id\":5}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":\"p\",\"id\":5}",
            })
    void refusesWhatIsNoMessageUnderItsId(String text) {
        RpcError error = refused(Buffer.buffer(text));

        assertThat(error.code()).isEqualTo(RpcError.INVALID_REQUEST);
        assertThat(error.id()).isEqualTo("5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"text\"", "null", "true", " -0.5 "})
    void refusesJsonThatIsNoObject(String text) {
        assertThat(refused(Buffer.buffer(text)).code()).isEqualTo(RpcError.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "}",
                "nul",
                "1 2",
                "{}{}",
                "{\"a\":1}x",
                "{\"a\":1},",
                "{\"a\":1}\u0000",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{/**/\"a\":1}",
                "{\"a\":1}//",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"c\":2,\"d\":3,\"b\":4}}",
                "{\"id\":1,\"\\u0069d\":2}",
                "\ufeff{\"a\":1}",
                "{\"a\":[1 2]}",
                "{\"a\":[}",
                "\u000b{}",
                "\u00a0{}",
            })
    void refusesWhatIsNotJson(String text) {
        RpcError error = refused(Buffer.buffer(text));

        assertThat(error.code()).isEqualTo(RpcError.PARSE);
        assertThat(error.id()).isNull();
    }

    @Test
    void refusesOtherEncodings() {
        String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ä\"}";
        for (Charset charset : List.of(UTF_16LE, UTF_16BE, ISO_8859_1, Charset.forName("UTF-32"))) {
            assertThat(refused(Buffer.buffer(text.getBytes(charset))).code()).isEqualTo(RpcError.PARSE);
        }
        assertThat(refused(Buffer.buffer(text.getBytes(StandardCharsets.UTF_16)))
                        .code())
                .isEqualTo(RpcError.PARSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c080", "c1bf", "eda080", "edbfbf", "f8888080", "f4908080", "80", "c3", "e28228", "f0808080"})
    void refusesBytesThatAreNotUtf8AlsoWhereItPassesOverThem(String hex) {
        Buffer bytes = Buffer.buffer("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"x\":\"")
                .appendBytes(HexFormat.of().parseHex(hex))
                .appendString("\"}}");

        assertThat(refused(bytes).code()).isEqualTo(RpcError.PARSE);
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String open = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":";

        one(open + "[".repeat(DEEPEST - 1) + "]".repeat(DEEPEST - 1) + "}");
        String deeper = open + "[".repeat(DEEPEST) + "]".repeat(DEEPEST) + "}";
        assertThat(refused(Buffer.buffer(deeper)).code()).isEqualTo(RpcError.PARSE);
        assertThat(refused(Buffer.buffer("[".repeat(1_000_000))).code()).isEqualTo(RpcError.PARSE);
        assertThat(refused(Buffer.buffer("{\"a\":".repeat(1_000_000))).code()).isEqualTo(RpcError.PARSE);
    }

    private Details details(String method, String params) {
        return one("{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":" + params + ",\"method\":\"" + method + "\"}")
                .details();
    }

    @Test
    void tellsWhatDecidesWhereAMessageGoes() {
        assertThat(details(
                        "tools/call",
                        "{\"arguments\":{\"uri\":\"no\"},\"name\":\"n\",\"uri\":\"u\","
                                + "\"_meta\":{\"x\":[1],\"progressToken\":\"p\"}}"))
                .isEqualTo(new Details("\"p\"", null, "n", null, null, null));
        assertThat(details("resources/read", "{\"name\":\"n\",\"uri\":\"u\"}").name())
                .isEqualTo("u");
        assertThat(details("x", "{\"uri\":\"u\"}").name()).isEqualTo("u");
        assertThat(details("notifications/progress", "{\"progressToken\":7,\"progress\":1}")
                        .progressToken())
                .isEqualTo("7");
        assertThat(details("notifications/cancelled", "{\"requestId\":\"r\",\"reason\":\"\"}")
                        .requestId())
                .isEqualTo("\"r\"");
        assertThat(details("m", "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}"))
                .isEqualTo(new Details(null, null, null, null, "2026-07-28", null));
        assertThat(details(
                        "initialize",
                        "{\"clientInfo\":{\"title\":{},\"name\":\"c\",\"version\":\"1\"},"
                                + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}"))
                .isEqualTo(new Details(null, null, null, "2025-11-25", null, new Client("c", "1")));
        assertThat(one("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":{\"protocolVersion\":\"0\"},"
                                + "\"protocolVersion\":\"2025-06-18\"}}")
                        .details())
                .isEqualTo(new Details(null, null, null, "2025-06-18", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "[{\"name\":\"n\"}]",
                "{}",
                "{\"name\":{\"name\":\"n\"},\"_meta\":[{\"progressToken\":1}],\"requestId\":[[]]}",
                "{\"_meta\":{\"progressToken\":{\"progressToken\":1}},\"clientInfo\":[],\"uri\":1}",
                "{\"clientInfo\":{\"name\":\"n\"},\"progressToken\":1}",
            })
    void countsADetailThatIsNotWhatItShouldBeAsMissing(String params) {
        assertThat(details("tools/call", params)).isSameAs(Details.NONE);
    }

    @Test
    void answersErrorsInOneLine() {
        assertThat(refused(Buffer.buffer("{")).answer())
                .startsWith(
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error: not JSON at byte 1");
        assertThat(RpcError.answer("\"a\"", RpcError.UNSUPPORTED_VERSION, "a \"b\"\n", "{\"supported\":[]}"))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"error\":{\"code\":-32022,\"message\":\"a \\\"b\\\"\\n\","
                                + "\"data\":{\"supported\":[]}}}");
    }
}
