package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What holds when nobody configures anything (R40, R41). */
class DefaultsTest {

    @Test
    void nothingGivenIsAValidConfigurationWithoutWarnings() {
        assertThat(ready(Map.of()).warnings()).isEmpty();
    }

    @Test
    void onlyThisMachineCanConnect() {
        GatewayConfig.Listen listen = config().http().listen();

        assertThat(listen.host()).isEqualTo("127.0.0.1");
        assertThat(listen.port()).isEqualTo(8080);
        assertThat(listen.adminPort()).isEmpty();
        assertThat(listen.loopback()).isTrue();
    }

    @Test
    void theFiguresThatWerePromisedHold() {
        GatewayConfig.Streams streams = config().streams();
        GatewayConfig.Tail tail = config().buffer().tail();

        assertThat(streams.heartbeatInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(streams.connectionTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(streams.retry())
                .isEqualTo(
                        new GatewayConfig.Retry(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMillis(500)));
        assertThat(tail).isEqualTo(new GatewayConfig.Tail(1000, Duration.ofMinutes(5), 4L << 20));
    }

    @Test
    void zeroesThatMeanNoneAreEmptyInTheRecords() {
        GatewayConfig config = config();

        assertThat(config.streams().maxAge()).isEmpty();
        assertThat(config.security().limits())
                .isEqualTo(new GatewayConfig.Limits(50_000, OptionalInt.empty(), OptionalInt.empty(), false));
        assertThat(config.http().threads().eventLoops())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void aNodeIsAloneAndKeepsEventsInMemory() {
        GatewayConfig.Nodes nodes = config().nodes();

        assertThat(nodes.id()).isEmpty();
        assertThat(nodes.redis()).isEmpty();
        assertThat(nodes.cluster()).isEmpty();
    }

    @Test
    void everyDefaultIsValidByItsOwnKindAndEveryOptionExplained() {
        for (Option<?> option : Options.ALL) {
            assertThat(option.kind().read(option.fallback())).as(option.key()).isPresent();
            assertThat(option.words().meaning()).as(option.key()).endsWith(".");
            assertThat(option.words().reason()).as(option.key()).endsWith(".");
            assertThat(option.key()).matches("[a-z0-9_]+");
        }
    }
}
