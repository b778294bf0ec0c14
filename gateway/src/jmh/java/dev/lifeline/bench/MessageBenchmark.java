package dev.lifeline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.gateway.rpc.MessageReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What a tool call says of itself, read in one pass and without a tree; beside it the tree. */
public class MessageBenchmark extends Measured {

    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{"
            + "\"name\":\"search\",\"arguments\":{\"query\":\"%s\",\"limit\":10},\"_meta\":{\"progressToken\":7}}}";

    @Param({"20", "1024", "65536"})
    public int size;

    private final MessageReader reader = new MessageReader(64);
    private Buffer body;
    private String line;

    @Setup
    public void prepare() {
        line = CALL.formatted(text(size));
        body = Buffer.buffer(line.getBytes(UTF_8));
    }

    @Benchmark
    public Object read() {
        return reader.read(body);
    }

    @Benchmark
    public Object readOne() {
        return reader.readOne(line);
    }

    /** What it would be to read everything in order to know where it goes. */
    @Benchmark
    public Object tree() {
        return new JsonObject(body);
    }
}
