package dev.lifeline.gateway.app;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that follow and fill a stream, against a real gateway. */
class FollowingTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return new Main(new PrintStream(out, true), new PrintStream(err, true)).run(List.of(args), Map.of());
    }

    private CompletableFuture<Integer> tail(String... args) {
        List<String> all = new ArrayList<>(List.of("tail"));
        all.addAll(List.of(args));
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run(all.toArray(String[]::new)));
        eventually("it is connected", () -> err.toString().contains("connected\n"));
        return code;
    }

    private int publish(InputStream in, String... args) {
        return new PublishCommand(new PrintStream(out, true), new PrintStream(err, true), in).run(List.of(args));
    }

    private static InputStream lines(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/events/a";
    }

    @Test
    void tailFollowsThroughTheDeathOfItsGateway() {
        int port = RunningGateway.freePort();
        try (RedisServer redis = RedisServer.plain()) {
            String[] options = {
                "--port", "" + port, "--redis", redis.uri(), "--no-cluster", "--initial-retry-delay", "100ms"
            };
            CompletableFuture<Integer> code;
            RunningGateway first = RunningGateway.with(options);
            String before = first.publish("a", "zero");
            code = tail(url(port), "--last-event-id", before, "--count", "3");
            first.publish("a", "one");
            eventually("it is printed", () -> out.toString().equals("one\n"));
            first.close();
            eventually("it is said", () -> err.toString().contains("reconnecting in "));
            try (RunningGateway second = RunningGateway.with(options)) {
                second.publish("a", "two");
                second.publish("a", "three\nlines");
                eventually("it ends", code::isDone);
            }

            assertThat(code.join()).isZero();
            assertThat(out).hasToString("one\ntwo\nthree\\nlines\n");
        }
    }

    @Test
    void tailGoesOnAfterAnIdAndPrintsJson() {
        try (RunningGateway gateway = RunningGateway.with()) {
            String id = gateway.publish("a", "one");
            gateway.post("/events/a?event=quote", "two");
            CompletableFuture<Integer> code =
                    tail(url(gateway.port()), "--last-event-id=" + id, "--json", "--count", "1");
            eventually("it ends", code::isDone);

            JsonObject printed = new JsonObject(out.toString());
            assertThat(printed.getString("type")).isEqualTo("quote");
            assertThat(printed.getString("data")).isEqualTo("two");
            assertThat(printed.getString("id")).isNotEqualTo(id).isNotEmpty();
        }
    }

    @Test
    void tailFailsWhereItIsNotWanted() {
        try (RunningGateway gateway = RunningGateway.with()) {
            assertThat(run("tail", "http://127.0.0.1:" + gateway.port() + "/nothing", "--header", "X-A: b"))
                    .isOne();
            assertThat(err.toString()).contains("failed: the server answered with status 404");
        }
    }

    @Test
    void tailEndsWhenNobodyReads() {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        try (RunningGateway gateway = RunningGateway.with()) {
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                    () -> new TailCommand(broken, new PrintStream(err, true)).run(List.of(url(gateway.port()))));
            eventually("it is connected", () -> err.toString().contains("connected\n"));
            gateway.publish("a", "one");
            eventually("it ends", code::isDone);

            assertThat(code.join()).isZero();
        }
    }

    @Test
    void publishPrintsIdsAndWhatIsPublishedTwiceIsThereOnce() {
        try (RunningGateway gateway = RunningGateway.with()) {
            String url = url(gateway.port());
            assertThat(publish(lines(""), url, "--key", "k", "--event", "quote", "one", "two"))
                    .isZero();
            assertThat(publish(lines(""), url, "--key", "k", "--event", "quote", "one", "two"))
                    .isZero();
            assertThat(publish(lines("three\nfour\n"), url)).isZero();

            List<String> ids = out.toString().lines().toList();
            assertThat(ids).hasSize(6);
            assertThat(ids.subList(0, 2)).isEqualTo(ids.subList(2, 4));
            assertThat(ids.stream().distinct()).hasSize(4);
        }
    }

    @Test
    void publishSaysWhyItCouldNot() {
        try (RunningGateway gateway = RunningGateway.with()) {
            assertThat(publish(lines(""), url(gateway.port()), "--event", "gap", "x"))
                    .isOne();

            assertThat(err.toString()).contains("not published: status 400, Events of type gap");
        }
    }

    @Test
    void publishWaitsForAGatewayThatIsComing() {
        int port = RunningGateway.freePort();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> publish(lines(""), url(port), "x"));
        eventually("it tries", () -> err.toString().contains("trying again in "));
        try (RunningGateway gateway = RunningGateway.with("--port", "" + port)) {
            eventually("it is published", code::isDone);
            assertThat(gateway.port()).isEqualTo(port);
        }

        assertThat(code.join()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tail",
                "tail nonsense",
                "tail ftp://host/",
                "tail http://[oops",
                "tail http://host/ another",
                "tail http://host/ --count x",
                "tail http://host/ --count 0",
                "tail http://host/ --count",
                "tail http://host/ --nonsense",
                "tail http://host/ --header nonsense",
                "publish",
                "publish http://host/ --json",
                "publish http://host/ --header Host:b x"
            })
    void misuseIsToldWithTheUsage(String words) {
        assertThat(run(words.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: " + words.split(" ")[0]);
    }
}
