package dev.lifeline.gateway.client;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.client.SourceState.Phase;
import dev.lifeline.retry.Jitter;
import dev.lifeline.retry.ReconnectPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the conformance table asks of a client, over a real socket. */
class ClientScenarioTest {

    private static final Duration DEFAULT = Duration.ofMillis(20);
    private static final int CASES = 32;

    /** Browsers give up for good; a client that follows a server through its restarts must not. */
    private static final String ANOTHER_LAW = "20: status 503";

    private final Vertx vertx = Vertx.vertx();
    private final FakeSource server = FakeSource.start();
    private final Notes notes = new Notes();
    private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        await(vertx.close());
        server.close();
    }

    static List<ClientScenario> all() {
        return ClientScenario.all();
    }

    @Test
    void noneIsLeftOut() {
        assertThat(all()).hasSize(CASES);
    }

    @ParameterizedTest
    @MethodSource("all")
    void doesWhatTheRowSays(ClientScenario scenario) {
        String[] then = scenario.then().split(" ");
        server.does(request -> {
            requests.add(request);
            if (requests.size() == 1) {
                answer(scenario, request.response(), then[0].equals("reconnect"));
            } else {
                server.serve(request);
            }
        });
        ReconnectPolicy policy = new ReconnectPolicy(DEFAULT, Duration.ofSeconds(60), Jitter.NONE, 5);
        EventSource source =
                EventSource.open(vertx, EventSourceOptions.of(server.url()).retrying(policy), notes);

        if (scenario.name().equals(ANOTHER_LAW)) {
            notes.reaches(Phase.RECONNECTING);
            return;
        }
        notes.has(scenario.events().size());
        switch (then[0]) {
            case "stay" -> assertThat(source.state().phase()).isEqualTo(Phase.CONNECTED);
            case "fail" -> notes.reaches(Phase.FAILED);
            case "follow" -> {
                notes.reaches(Phase.CONNECTED);
                assertThat(requests.get(1).path()).isEqualTo(scenario.lines().get("location"));
            }
            case "reconnect" -> reconnects(then);
            default -> throw new AssertionError(scenario.then());
        }
        assertThat(notes.events.stream().map(ClientScenarioTest::shown)).containsExactlyElementsOf(scenario.events());
        asks(scenario);
    }

    private void answer(ClientScenario scenario, HttpServerResponse response, boolean whole) {
        response.setStatusCode(scenario.status()).setChunked(scenario.status() != 204);
        if (scenario.type() != null) {
            response.putHeader("Content-Type", scenario.type());
        }
        if (scenario.lines().containsKey("location")) {
            response.putHeader("Location", scenario.lines().get("location"));
        }
        if (scenario.status() == 204) {
            response.end();
            return;
        }
        response.writeHead();
        scenario.feeds().forEach(response::write);
        if (whole || scenario.status() != 200) {
            response.end();
        }
    }

    private void reconnects(String[] then) {
        notes.reaches(Phase.RECONNECTING);
        Duration expected = then[2].equals("default") ? DEFAULT : Duration.ofMillis(Long.parseLong(then[2]));
        assertThat(notes.states)
                .filteredOn(state -> state.phase() == Phase.RECONNECTING)
                .first()
                .extracting(SourceState::delay)
                .isEqualTo(expected);
        eventually("it is back", () -> requests.size() == 2);
        String id = requests.get(1).getHeader("Last-Event-ID");
        assertThat(id == null ? null : utf8(id)).isEqualTo(then[3].equals("with") ? then[4] : null);
    }

    private static String utf8(String header) {
        return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String shown(SourceEvent event) {
        return (event.id().isEmpty() ? "" : "id=" + event.id() + " ")
                + (event.type().equals("message") ? "" : "type=" + event.type() + " ") + "data=" + event.data();
    }

    /** What the first request must say, one thing a line. */
    private void asks(ClientScenario scenario) {
        HttpServerRequest first = requests.get(0);
        for (String line : scenario.lines().getOrDefault("request", "").split("\n")) {
            String[] header = line.split(": ", 2);
            if (header.length == 2) {
                assertThat(first.getHeader(header[0])).as(line).isEqualTo(header[1]);
            } else if (line.startsWith("no ")) {
                assertThat(first.getHeader(line.substring(3))).as(line).isNull();
            } else if (!line.isEmpty()) {
                assertThat(first.method().name()).isEqualTo(line);
            }
        }
    }
}
