package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One who does not read costs a bounded amount, holds nobody up and loses nothing unsaid. */
class SlowReaderTest {

    private static final int EVENTS = 250;
    private static final String MUCH = "x".repeat(200_000);

    @ParameterizedTest(name = "compression {0}")
    @ValueSource(booleans = {false, true})
    void fiftyMegabytesUnreadAreNotKeptForHim(boolean compression) {
        try (RunningGateway gateway = RunningGateway.with("--compression=" + compression);
                SseClient slow =
                        new SseClient(gateway.connectNarrow(), "GET /events/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
                SseClient quick = gateway.subscribe("/events/a")) {
            quick.next(Kind.POSITION);
            long before = used();
            long most = 0;
            String last = "";
            for (int i = 0; i < EVENTS; i++) {
                last = gateway.publish("a", i + " " + MUCH);
                assertThat(quick.event().text()).startsWith(i + " ");
                most = Math.max(most, used() - before);
            }

            assertThat(most).as("bytes of buffers beyond those at rest").isLessThan(24L << 20);
            assertThat(gateway.metric("sse_lags_total")).isGreaterThanOrEqualTo(1);
            readsOnAfterAVerdict(slow.listen(), last);
        }
    }

    /** Whatever comes is in order, and what does not come is said. */
    private static void readsOnAfterAVerdict(SseClient slow, String last) {
        long at = 0;
        boolean told = false;
        while (at < sequence(last)) {
            Heard next = slow.event();
            if (next.isEvent("gap")) {
                JsonObject verdict = new JsonObject(next.text());
                assertThat(sequence(verdict.getString("from"))).isEqualTo(at);
                assertThat(verdict.getString("reason")).isEqualTo("evicted");
                at = sequence(verdict.getString("to"));
                told = true;
            } else {
                assertThat(sequence(next.id())).isEqualTo(++at);
            }
        }
        assertThat(told).isTrue();
    }

    @Test
    void whatIsStillKeptIsReadOnWithoutAWord() {
        try (RunningGateway gateway = RunningGateway.with("--buffer-bytes", "64MiB", "--event-loops", "1");
                SseClient slow =
                        new SseClient(gateway.connectNarrow(), "GET /events/a HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            for (int i = 0; i < 40; i++) {
                gateway.publish("a", i + " " + MUCH);
            }

            slow.listen();

            for (int i = 0; i < 40; i++) {
                assertThat(slow.event().text()).startsWith(i + " ");
            }
        }
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private static long used() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
