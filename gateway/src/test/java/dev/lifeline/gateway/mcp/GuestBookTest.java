package dev.lifeline.gateway.mcp;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.mcp.GuestBook.Line;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Session;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the doors say of those who come. */
class GuestBookTest {

    private final McpStand stand = new McpStand();

    @AfterEach
    void stop() {
        stand.close();
    }

    private static Session session(Session.Opening opening) {
        Session.Owner owner = new Session.Owner("alice", Session.Transport.LEGACY, "192.0.2.1", null);
        return new Session("s", owner, "docs", opening, LinkState.NONE, Session.Presence.NEVER);
    }

    private static Session.Opening opening(String client) {
        return new Session.Opening("{}", "2025-06-18", client, "1", true);
    }

    @Test
    void wordsOfClientsAreShortAndPrintable() {
        Line line = new Line(true, "a\nb", " x\u0000\u001b[31m" + "y".repeat(100), null, "2025-11-25; drop", true);

        assertThat(line.principal()).isEqualTo("a?b");
        assertThat(line.client()).startsWith("x??[31my").hasSize(64);
        assertThat(line.version()).isEmpty();
        assertThat(line.revision()).isEmpty();
    }

    @Test
    void whoIntroducedHimselfIsKnownFromThenOn() {
        Optional<Line> line = Line.of(false, session(opening("cursor")), List.of());

        assertThat(line).contains(new Line(false, "alice", "cursor", "1", "2025-06-18", false));
    }

    @Test
    void whatTheGatewaySaidForAClientIsNoNameOfIts() {
        assertThat(Line.of(true, session(opening("lifeline")), List.of())).contains(Line.unnamed(true, "alice"));
    }

    @Test
    void nobodyIsNamedBeforeHeCouldIntroduceHimself() {
        assertThat(Line.of(true, session(Session.Opening.NONE), List.of())).isEmpty();
    }

    @Test
    void introductionsAtBothDoorsAreNoted() {
        String endpoint = stand.listen("/sse").next().text();

        stand.post(endpoint, McpStand.initialize(0, "2025-06-18", "old client"));

        eventually("it is noted", () -> stand.met.size() == 1);
        Line line = stand.met.get(0);
        assertThat(line.legacy()).isTrue();
        assertThat(line.introduced()).isTrue();
        assertThat(line.client()).isEqualTo("old client");
        assertThat(line.revision()).isEqualTo("2025-06-18");
    }
}
