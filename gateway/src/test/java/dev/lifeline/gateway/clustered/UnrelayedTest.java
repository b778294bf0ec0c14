package dev.lifeline.gateway.clustered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes with one Redis and nothing else between them: positions are compared, and that suffices. */
class UnrelayedTest {

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = new Nodes("--no-cluster", "--position-check-interval", "200ms");
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private static SseClient subscribed(RunningGateway node, String channel) {
        SseClient client = node.subscribe("/events/" + channel);
        client.next(Heard.Kind.POSITION);
        return client;
    }

    @Test
    void whatIsPublishedOnOneNodeIsFoundByTheOthers() {
        try (SseClient reader = subscribed(nodes.get(0), "found")) {
            String id = nodes.get(1).publish("found", "hello");

            assertThat(reader.event().id()).isEqualTo(id);
        }
        assertThat(Nodes.cluster(nodes.get(0)).getString("relay")).isEqualTo("off");
    }

    @Test
    void whenRedisLosesEverythingReadersOnEveryNodeAreToldAndGoOn() {
        String before = nodes.get(0).publish("lost", "before");
        List<SseClient> readers =
                nodes.all().stream().map(node -> subscribed(node, "lost")).toList();

        nodes.redis.flushAll();
        String after = nodes.get(0).publish("lost", "after");

        for (SseClient reader : readers) {
            Heard verdict = reader.event();
            assertThat(verdict.type()).isEqualTo("gap");
            assertThat(new JsonObject(verdict.text()).getString("reason")).isEqualTo("epoch");
            assertThat(new JsonObject(verdict.text()).getString("from")).isEqualTo(before);
            Heard next = reader.event();
            assertThat(next.text()).isEqualTo("after");
            assertThat(next.id()).isEqualTo(after);
            reader.close();
        }
    }
}
