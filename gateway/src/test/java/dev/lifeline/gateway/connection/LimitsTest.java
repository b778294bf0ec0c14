package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enough is enough: a newcomer is told clearly, one that comes back is told kindly, the others never notice. */
class LimitsTest {

    @TempDir
    private Path directory;

    @Test
    void beyondTheConnectionsInAllANewcomerIsRefusedAndTheOthersGoOn() {
        try (RunningGateway gateway = RunningGateway.with("--max-connections", "2");
                SseClient first = gateway.subscribe("/events/a");
                SseClient second = gateway.subscribe("/events/a")) {
            first.next(Kind.POSITION);
            second.next(Kind.POSITION);

            HttpResponse<String> refused = gateway.get("/events/a");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(refused.body()).contains("too-many-connections");
            assertThat(gateway.metric("sse_connections_refused_total{limit=\"connections\"}"))
                    .isEqualTo(1);
            gateway.publish("a", "untouched");
            assertThat(first.event().text()).isEqualTo("untouched");
            assertThat(second.event().text()).isEqualTo("untouched");
        }
    }

    @Test
    void whoComesBackIsToldToComeAgainInsteadOfGivingUp() {
        try (RunningGateway gateway = RunningGateway.with("--max-connections", "1");
                SseClient only = gateway.subscribe("/events/a");
                SseClient back = gateway.subscribe("/events/a", "Last-Event-ID", "x-1")) {
            assertThat(only.status()).isEqualTo(200);
            assertThat(back.status()).isEqualTo(200);
            assertThat(gateway.get("/events/a", "Last-Event-ID", "x-1").body()).isEqualTo("retry: 5000\n\n");
        }
    }

    @Test
    void aPlaceIsGivenBack() {
        try (RunningGateway gateway = RunningGateway.with("--max-connections", "1")) {
            for (int i = 0; i < 5; i++) {
                SseClient client = gateway.subscribe("/events/a");
                assertThat(client.status()).isEqualTo(200);
                client.close();
                RunningGateway.eventually("its place is free", () -> gateway.connections() == 0);
            }
        }
    }

    @Test
    void anAddressHasAShareOfItsOwnAndTheProxyNamesIt() {
        try (RunningGateway gateway =
                        RunningGateway.with("--max-connections-per-address", "1", "--forwarded-for=true");
                SseClient first = gateway.subscribe("/events/a", "X-Forwarded-For", "10.9.9.9, 192.0.2.1")) {
            assertThat(first.status()).isEqualTo(200);
            HttpResponse<String> same = gateway.get("/events/a", "X-Forwarded-For", "192.0.2.1");
            assertThat(same.statusCode()).isEqualTo(429);
            assertThat(same.body()).contains("connections_per_address");
            try (SseClient other = gateway.subscribe("/events/a", "X-Forwarded-For", "192.0.2.2")) {
                assertThat(other.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatAnybodyCanClaimDoesNotCountUnlessConfigured() {
        try (RunningGateway gateway = RunningGateway.with("--max-connections-per-address", "1");
                SseClient first = gateway.subscribe("/events/a", "X-Forwarded-For", "192.0.2.1")) {
            assertThat(first.status()).isEqualTo(200);
            assertThat(gateway.get("/events/a", "X-Forwarded-For", "192.0.2.2").statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void aPrincipalHasAShareOfItsOwn() throws Exception {
        Path keys = Files.writeString(
                directory.resolve("keys.yaml"),
                "- {name: ann, key: key-of-ann, subscribe: ['*']}\n- {name: bob, key: key-of-bob, subscribe: ['*']}\n");
        try (RunningGateway gateway = RunningGateway.with(
                        "--auth", "keys", "--keys-file", keys.toString(), "--max-connections-per-principal", "1");
                SseClient ann = gateway.subscribe("/events/a", "Authorization", "Bearer key-of-ann")) {
            assertThat(ann.status()).isEqualTo(200);
            HttpResponse<String> again = gateway.get("/events/a", "Authorization", "Bearer key-of-ann");
            assertThat(again.statusCode()).isEqualTo(429);
            assertThat(again.body()).contains("connections_per_principal");
            try (SseClient bob = gateway.subscribe("/events/a", "Authorization", "Bearer key-of-bob")) {
                assertThat(bob.status()).isEqualTo(200);
            }
        }
    }
}
