package dev.lifeline.gateway.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, it is a message or an error in the words of JSON-RPC, and each is one line. */
class MessageFuzzTest {

    private static final int ROUNDS = 20_000;
    private static final List<String> SEEDS = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"_meta\":{\"progressToken\":7}}}",
            "[{\"jsonrpc\":\"2.0\",\"id\":\"\\ud83d\\ude00\",\"result\":{\"protocolVersion\":\"2025-11-25\"}},"
                    + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1e2}}]",
            "{\"id\":-1.5E+3,\"error\":{\"code\":-32000,\"message\":\"汉字\"},\"jsonrpc\":\"2.0\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"initialize\",\"params\":{\"clientInfo\":{\"name\":\"👩\",\"version\":\"\"},"
                    + "\"capabilities\":{\"a\":[true,false,null]}}}");

    private final MessageReader reader = new MessageReader(16);
    private int messages;
    private int errors;

    @Test
    void nothingButAnRpcErrorComesOfAnything() {
        Random random = new Random(20261128);
        for (int i = 0; i < ROUNDS; i++) {
            Buffer bytes = mutated(random);
            read(bytes);
            ToolTraits.of(bytes.toString());
        }
        assertThat(messages).as("still messages").isGreaterThan(ROUNDS / 100);
        assertThat(errors).as("errors").isGreaterThan(ROUNDS / 2);
    }

    private void read(Buffer bytes) {
        try {
            for (Message message : reader.read(bytes).messages()) {
                messages++;
                assertThat(message.text()).doesNotContain("\n", "\r");
                assertThat(reader.readOne(message.text())).isEqualTo(message);
            }
        } catch (RpcError error) {
            errors++;
            assertThat(error.answer()).doesNotContain("\n", "\r");
            reader.readOne(error.answer());
        }
    }

    private static Buffer mutated(Random random) {
        byte[] bytes = Buffer.buffer(SEEDS.get(random.nextInt(SEEDS.size()))).getBytes();
        Buffer made = Buffer.buffer().appendBytes(bytes);
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(Math.max(1, made.length()));
            made = switch (random.nextInt(5)) {
                case 0 -> made.setByte(at, (byte) random.nextInt(256));
                case 1 -> made.getBuffer(0, at);
                case 2 -> made.getBuffer(at, made.length()).appendBuffer(made.getBuffer(0, at));
                case 3 ->
                    made.getBuffer(0, at)
                            .appendByte((byte) "{}[]\",:\\\n 0".charAt(random.nextInt(11)))
                            .appendBuffer(made.getBuffer(at, made.length()));
                default ->
                    made.getBuffer(0, at)
                            .appendBuffer(
                                    made.getBuffer(Math.min(made.length(), at + random.nextInt(9)), made.length()));
            };
            if (made.length() == 0) {
                return made;
            }
        }
        return made;
    }
}
