package dev.lifeline.gateway.clustered;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one node tells operators of all of them. */
class DashboardTest {

    private static final int LINKS = 2000;
    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = new Nodes().joined();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private static JsonObject ask(RunningGateway node, String path) {
        return new JsonObject(node.get(path).body());
    }

    private static List<JsonObject> rows(JsonObject answer, String name) {
        return answer.getJsonArray(name).stream().map(JsonObject.class::cast).toList();
    }

    private static Set<String> ids() {
        return nodes.all().stream().map(node -> node.gateway().id()).collect(Collectors.toSet());
    }

    private static Set<String> up(RunningGateway asked) {
        return rows(ask(asked, "/api/nodes"), "nodes").stream()
                .filter(report -> report.getString("status").equals("up"))
                .map(report -> report.getString("node"))
                .collect(Collectors.toSet());
    }

    private static String reporter(Heard event) {
        return new JsonObject(event.text()).getString("node");
    }

    /** Listens until each of these has been heard of, and gives back the last event. */
    private static Heard hearFrom(SseClient watcher, Set<String> wanted) {
        Set<String> missing = new HashSet<>(wanted);
        Heard last = null;
        while (!missing.isEmpty()) {
            last = watcher.event();
            missing.remove(reporter(last));
        }
        return last;
    }

    @Test
    void everyNodeTellsOfAll() {
        for (RunningGateway node : nodes.all()) {
            eventually("it hears of all", () -> up(node).equals(ids()));
        }
    }

    @Test
    void whoWatchesAtOneNodeHearsOfAllAndGoesOnAtAnother() {
        String last;
        try (SseClient watcher = nodes.get(0).subscribe("/api/live")) {
            last = hearFrom(watcher, ids()).id();
        }
        try (SseClient watcher = nodes.get(1).subscribe("/api/live", "Last-Event-ID", last)) {
            Heard next = watcher.next(Kind.EVENT);
            assertThat(next.type()).isEqualTo("report");
            assertThat(sequence(next.id())).isEqualTo(sequence(last) + 1);
            hearFrom(watcher, ids());
        }
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    }

    private static String statusOf(String node) {
        return rows(ask(nodes.get(0), "/api/nodes"), "nodes").stream()
                .filter(report -> report.getString("node").equals(node))
                .findFirst()
                .orElseThrow()
                .getString("status");
    }

    @Test
    void manyLinksAreShownPageByPageEachOnce() {
        List<SseClient> links = new ArrayList<>();
        try {
            for (int i = 0; i < LINKS; i++) {
                links.add(nodes.get(i).attend("/events/crowd-" + i % 7, "User-Agent", "crowd/1." + i % 3));
            }
            Set<String> seen = new HashSet<>();
            List<Long> ages = new ArrayList<>();
            Set<String> where = new HashSet<>();
            for (int offset = 0; offset < LINKS; offset += 500) {
                JsonObject page = ask(nodes.get(2), "/api/connections?q=crowd&kind=channel&limit=500&offset=" + offset);
                assertThat(page.getInteger("matched")).isEqualTo(LINKS);
                assertThat(page.getJsonArray("partial")).isEmpty();
                for (JsonObject row : rows(page, "connections")) {
                    seen.add(row.getString("node") + " " + row.getString("id"));
                    where.add(row.getString("node"));
                    ages.add(Instant.parse(row.getString("opened_at")).toEpochMilli());
                }
            }
            assertThat(seen).hasSize(LINKS);
            assertThat(where).isEqualTo(ids());
            assertThat(ages).isSorted();
            JsonObject some = ask(nodes.get(0), "/api/connections?q=crowd/1.2&limit=1");
            assertThat(some.getLong("matched"))
                    .isEqualTo(IntStream.range(0, LINKS).filter(i -> i % 3 == 2).count());
            JsonObject channel = ask(nodes.get(0), "/api/connections?q=crowd-3&limit=1");
            assertThat(channel.getLong("matched"))
                    .isEqualTo(IntStream.range(0, LINKS).filter(i -> i % 7 == 3).count());
            String one = nodes.get(1).gateway().id();
            JsonObject ofOne = ask(nodes.get(0), "/api/connections?q=crowd&node=" + one);
            assertThat(ofOne.getLong("matched"))
                    .isEqualTo(IntStream.range(0, LINKS).filter(i -> i % 3 == 1).count());
            JsonObject streams = ask(nodes.get(0), "/api/streams?q=crowd");
            assertThat(streams.getInteger("matched")).isEqualTo(7 * 3);
            assertThat(rows(streams, "streams").stream()
                            .mapToInt(row -> row.getInteger("readers"))
                            .sum())
                    .isEqualTo(LINKS);
        } finally {
            links.forEach(SseClient::close);
        }
    }

    @Test
    void aNodeThatIsKilledFallsSilentAndIsThenForgottenAndTheStreamGoesOnElsewhere() {
        try (NodeProcess doomed = new NodeProcess(nodes.redis, "--node-id", "doomed")) {
            doomed.awaitJoined(Nodes.COUNT + 1);
            Set<String> all = new HashSet<>(ids());
            all.add("doomed");
            SseClient watcher = doomed.attend("/api/live", null);
            Heard last = hearFrom(watcher, all);
            // The way to a node is looked up in the cluster once, and that takes all of its members.
            eventually("it hears of all", () -> up(nodes.get(0)).equals(all));

            doomed.freeze();
            assertThat(statusOf("doomed")).isEqualTo("silent");
            assertThat(ask(nodes.get(0), "/api/connections").getJsonArray("partial"))
                    .containsExactly("doomed");
            doomed.kill();

            assertThat(watcher.end().kind()).isIn(Kind.CUT, Kind.END);
            try (SseClient again = nodes.get(0).subscribe("/api/live", "Last-Event-ID", last.id())) {
                assertThat(sequence(again.event().id())).isEqualTo(sequence(last.id()) + 1);
                eventually(
                        "it is gone",
                        () -> rows(ask(nodes.get(0), "/api/nodes"), "nodes").stream()
                                .noneMatch(report -> report.getString("node").equals("doomed")));
                again.unread();
                for (int i = 0; i < 3; i++) {
                    hearFrom(again, ids());
                }
                assertThat(again.unread()).noneMatch(heard -> heard.text().contains("\"doomed\""));
            }
        }
    }
}
