package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Whole gateways on a real Redis: that they are put together right. What a cluster promises is tested with the cluster. */
class SharedLogTest {

    @Test
    void nodesWithoutAClusterShareTheLogAllTheSame() {
        try (RedisServer redis = RedisServer.plain();
                RunningGateway one = node(redis, "one");
                RunningGateway two = node(redis, "two");
                SseClient client = two.subscribe("/events/a")) {
            String start = client.next(Kind.POSITION).id();

            one.publish("a", "across");

            assertThat(client.event().text()).isEqualTo("across");
            try (SseClient back = one.subscribe("/events/a", "Last-Event-ID", start)) {
                assertThat(back.event().text()).isEqualTo("across");
            }
            RunningGateway.eventually(
                    "each sees the other",
                    () -> nodes(one).size() == 2 && nodes(two).size() == 2);
        }
    }

    private static RunningGateway node(RedisServer redis, String id) {
        return RunningGateway.with(
                "--redis",
                redis.uri(),
                "--cluster=false",
                "--node-id",
                id,
                "--node-lease",
                "1s",
                "--position-check-interval",
                "200ms");
    }

    private static JsonArray nodes(RunningGateway gateway) {
        return new JsonObject(gateway.get("/health").body())
                .getJsonObject("cluster")
                .getJsonArray("nodes");
    }

    @Test
    void withoutItsRedisANodeIsDegradedHoldsItsLinksAndRefusesEventsWithAReason() {
        RedisServer redis = RedisServer.plain();
        try (RunningGateway gateway = RunningGateway.with(
                        "--redis",
                        redis.uri(),
                        "--cluster=false",
                        "--append-timeout",
                        "300ms",
                        "--redis-timeout",
                        "300ms",
                        "--heartbeat-interval",
                        "300ms");
                SseClient client = gateway.subscribe("/events/a")) {
            client.next(Kind.POSITION);
            assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);

            redis.close();

            RunningGateway.eventually(
                    "it is degraded", () -> gateway.get("/health/ready").body().contains("degraded"));
            assertThat(gateway.get("/health/ready").statusCode())
                    .as("a proxy that drops every node at once turns all clients away")
                    .isEqualTo(200);
            var refused = gateway.post("/events/a", "x", "Idempotency-Key", "k");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("log-unavailable").contains("same Idempotency-Key");
            client.unread();
            assertThat(client.next(Kind.COMMENT)).isNotNull();
            try (SseClient newcomer = gateway.subscribe("/events/a")) {
                assertThat(newcomer.status()).isEqualTo(200);
                assertThat(newcomer.next().kind()).isEqualTo(Kind.RETRY);
            }
        }
    }

    @Test
    void aClusteredNodeJoinsAndLeaves() {
        try (RedisServer redis = RedisServer.plain();
                RunningGateway gateway = RunningGateway.with("--redis", redis.uri(), "--node-id", "alone")) {
            RunningGateway.eventually(
                    "it has joined", () -> gateway.get("/health").body().contains("\"relay\":\"joined\""));
            assertThat(nodes(gateway)).containsExactly("alone");
        }
    }
}
