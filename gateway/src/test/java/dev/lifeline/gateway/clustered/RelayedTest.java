package dev.lifeline.gateway.clustered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three nodes that relay to each other. Positions are compared so seldom that what arrives, arrives by relay. What
 * happens without it is in {@link UnrelayedTest}.
 */
class RelayedTest {

    private static final String SELDOM = "5m";
    private static Nodes nodes;

    @BeforeAll
    static void startAtTheSameInstant() {
        nodes = new Nodes("--position-check-interval", SELDOM).joined();
        // Joined is what each says of itself; this is each hearing from each, merged if they had founded two.
        for (int from = 0; from < Nodes.COUNT; from++) {
            for (int to = 0; to < Nodes.COUNT; to++) {
                awaitRelay("way-" + from + "-" + to, nodes.get(from), nodes.get(to));
            }
        }
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private static void awaitRelay(String channel, RunningGateway from, RunningGateway to) {
        try (SseClient reader = subscribed(to, channel)) {
            RunningGateway.eventually("events get from node to node", () -> {
                from.publish(channel, "probe");
                return reader.unread().stream().anyMatch(heard -> heard.is(Heard.Kind.EVENT));
            });
        }
    }

    /** Subscribes, and returns when the node is known to have a reader. */
    private static SseClient subscribed(RunningGateway node, String channel) {
        SseClient client = node.subscribe("/events/" + channel);
        client.next(Heard.Kind.POSITION);
        return client;
    }

    private static SseClient resumed(RunningGateway node, String channel, String lastEventId) {
        return node.subscribe("/events/" + channel, "Last-Event-ID", lastEventId);
    }

    private static List<Heard> events(SseClient client, int count) {
        return IntStream.range(0, count).mapToObj(i -> client.event()).toList();
    }

    private static List<String> texts(List<Heard> events) {
        return events.stream().map(Heard::text).toList();
    }

    private static List<String> ids(List<Heard> events) {
        return events.stream().map(Heard::id).toList();
    }

    @Test
    void whatIsPublishedOnOneNodeIsHeardOnAnotherAtOnce() {
        try (SseClient reader = subscribed(nodes.get(0), "at-once")) {
            long since = System.nanoTime();
            String id = nodes.get(1).publish("at-once", "hello");

            Heard event = reader.event();

            assertThat(event.id()).isEqualTo(id);
            assertThat(Duration.ofNanos(event.nanos() - since)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void anIdFromOneNodeResumesOnAnyOther() {
        String first = nodes.get(0).publish("resume", "1");
        nodes.get(1).publish("resume", "2");
        nodes.get(2).publish("resume", "3");

        for (RunningGateway node : nodes.all()) {
            try (SseClient reader = resumed(node, "resume", first)) {
                assertThat(texts(events(reader, 2))).containsExactly("2", "3");
            }
        }
    }

    @Test
    void publishersOnAllNodesMakeOneSequenceThatAllNodesAgreeOn() {
        int each = 300;
        List<SseClient> readers =
                nodes.all().stream().map(node -> subscribed(node, "crowd")).toList();
        List<CompletableFuture<Void>> publishers = IntStream.range(0, Nodes.COUNT)
                .mapToObj(n -> CompletableFuture.runAsync(() ->
                        IntStream.range(0, each).forEach(i -> nodes.get(n).publish("crowd", n + "." + i))))
                .toList();
        publishers.forEach(CompletableFuture::join);

        List<List<Heard>> heard = readers.stream()
                .map(reader -> events(reader, Nodes.COUNT * each))
                .toList();

        String epoch = heard.get(0).get(0).id().split("-")[0];
        List<String> contiguous = IntStream.rangeClosed(1, Nodes.COUNT * each)
                .mapToObj(sequence -> epoch + "-" + sequence)
                .toList();
        for (List<Heard> one : heard) {
            assertThat(ids(one)).isEqualTo(contiguous);
            assertThat(texts(one)).isEqualTo(texts(heard.get(0)));
        }
        readers.forEach(SseClient::close);
    }

    @Test
    void aThousandRequestsRoundRobinGetNoWrongAnswer() {
        List<String> wrong = new ArrayList<>();
        String last = nodes.get(0).publish("round", "start");
        for (int i = 0; i < 500; i++) {
            String id = nodes.get(2 * i).publish("round", "e" + i);
            try (SseClient reader = resumed(nodes.get(2 * i + 1), "round", last)) {
                Heard event = reader.event();
                if (!event.id().equals(id) || !event.text().equals("e" + i)) {
                    wrong.add(i + ": " + event + " and not " + id);
                }
            }
            last = id;
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whenANodeIsStoppedItsReadersEndCleanlyAndResumeElsewhereWithoutAGap() {
        RunningGateway leaving = nodes.add("--position-check-interval", SELDOM);
        nodes.joined();
        SseClient reader = subscribed(leaving, "stopping");
        nodes.get(0).publish("stopping", "before");
        List<Heard> heard = new ArrayList<>(events(reader, 1));

        nodes.all().remove(leaving);
        leaving.close();
        nodes.get(1).publish("stopping", "meanwhile");

        assertThat(reader.end().kind()).isEqualTo(Heard.Kind.END);
        try (SseClient again = resumed(nodes.get(2), "stopping", heard.get(0).id())) {
            nodes.get(0).publish("stopping", "after");
            heard.addAll(events(again, 2));
        }
        assertThat(texts(heard)).containsExactly("before", "meanwhile", "after");
        nodes.joined();
    }
}
