package dev.lifeline.gateway.clustered;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.client.FakeSource;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.SseClient;
import org.junit.jupiter.api.Test;

/** The node that follows a source is killed as a process is. */
class FeedDeathTest {

    @Test
    void anotherNodeGoesOnWhereTheDeadOneStood() {
        try (FakeSource source = FakeSource.start();
                RedisServer redis = RedisServer.plain();
                NodeProcess one = new NodeProcess(redis, options(source));
                NodeProcess two = start(one, redis, source)) {
            one.awaitJoined(2);
            two.awaitJoined(2);
            SseClient reader = two.subscribe("prices", null);
            reader.next(Kind.POSITION);
            source.send("by one");
            assertThat(reader.event().text()).isEqualTo("by one");
            one.kill();
            source.send("by nobody yet");
            source.send("by two");

            assertThat(reader.event().text()).isEqualTo("by nobody yet");
            assertThat(reader.event().text()).isEqualTo("by two");
            reader.close();
        }
    }

    private static String[] options(FakeSource source) {
        return new String[] {"--feed", "prices=" + source.url(), "--node-lease", "2s"};
    }

    private static NodeProcess start(NodeProcess one, RedisServer redis, FakeSource source) {
        eventually("the first follows the source", 60, () -> source.connections() == 1);
        return new NodeProcess(redis, options(source));
    }
}
