package dev.lifeline.gateway.clustered;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Three gateways in this JVM with one Redis between them. */
final class Nodes implements AutoCloseable {

    static final int COUNT = 3;

    final RedisServer redis = RedisServer.plain();
    private final List<RunningGateway> all = new ArrayList<>();

    /** Starts them all, without waiting for each other. */
    Nodes(String... options) {
        for (int i = 0; i < COUNT; i++) {
            add(options);
        }
    }

    RunningGateway add(String... options) {
        String[] with = Stream.concat(Stream.of("--redis", redis.uri()), Stream.of(options))
                .toArray(String[]::new);
        RunningGateway node = RunningGateway.with(with);
        all.add(node);
        return node;
    }

    RunningGateway get(int index) {
        return all.get(index % all.size());
    }

    List<RunningGateway> all() {
        return all;
    }

    static JsonObject cluster(RunningGateway node) {
        return new JsonObject(node.get("/health").body()).getJsonObject("cluster");
    }

    /** Waits until every node has joined and knows of all. */
    Nodes joined() {
        for (RunningGateway node : all) {
            eventually(
                    "it is in the cluster",
                    () -> cluster(node).getString("relay").equals("joined")
                            && cluster(node).getJsonArray("nodes").size() == all.size());
        }
        return this;
    }

    @Override
    public void close() {
        all.forEach(RunningGateway::close);
        redis.close();
    }
}
