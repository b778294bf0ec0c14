package dev.lifeline.gateway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.migration.Guest.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each client could do about the transport it uses, and from what that follows. */
class AdvisorTest {

    private static Entry entry(Transport transport, String client, String version, String revision) {
        return new Entry(new Guest(transport, "alice", client, version), revision, Instant.EPOCH, Instant.EPOCH, 1);
    }

    private static Entry legacy(String client, String version, String revision) {
        return entry(Transport.LEGACY, client, version, revision);
    }

    @ParameterizedTest
    @CsvSource({
        "somebody, 1, 2025-11-25, ready, asks for revision 2025-11-25",
        "somebody, 1, 2025-03-26, ready, Streamable",
        "somebody, 1, 2024-11-05, unknown, asks for revision 2024-11-05 only",
        "somebody, 1, '', unknown, named no protocol revision",
        "(unnamed), '', 2025-11-25, unknown, never said",
        "(others), '', 2025-11-25, unknown, never said",
        "toolman, 1.0.0, 2024-11-05, ready, transport",
        "tools, 1.0.0, 2024-11-05, ready, transport",
        "cursor-vscode, 1.0.0, 2025-06-18, ready, 2025-06-18",
        "cursor-vscode, 1.0.0, 2024-11-05, update, asks for 2024-11-05",
        "Cursor-VSCode, 1.0.0, '', update, no revision",
        "claude-ai, 0.1.0, 2024-11-05, update, both transports today",
        "claude-ai (via mcp-remote 0.1.37), 0.1.0, 2024-11-05, ready, mcp-remote",
        "claude-code, 2.1.0, 2025-11-25, ready, 2025-11-25",
        "mcp, 0.1.0, 2024-11-05, update, 1.8.0",
        "Java SDK MCP Client, 0.15.0, 2024-11-05, unknown, whatever its version",
        "Visual Studio Code, 1.99.3, 2025-03-26, update, this one is 1.99.3",
        "Visual Studio Code, 1.100.0, 2024-11-05, ready, from 1.100",
        "Visual Studio Code - Insiders, 2.0, 2024-11-05, ready, from 1.100",
        "Visual Studio Code, newest, 2024-11-05, unknown, 2024-11-05",
    })
    void legacyClientsGetAdvice(String client, String version, String revision, String verdict, String why) {
        Entry entry = legacy(client, version, revision);

        Advice advice = new Advisor(List.of(entry)).on(entry);

        assertThat(advice.verdict().label()).isEqualTo(verdict);
        assertThat(advice.why()).contains(why).endsWith(".");
    }

    @Test
    void aClientThatWasSeenAtTheOtherDoorCanGoThere() {
        Entry old = legacy("somebody", "2", "2024-11-05");
        Entry older = legacy("somebody", "1", "2024-11-05");
        Entry there = entry(Transport.STREAMABLE, "somebody", "2", "2025-06-18");
        Advisor advisor = new Advisor(List.of(old, older, there));

        assertThat(advisor.on(old).why()).contains("same version was seen");
        assertThat(advisor.on(older).verdict()).isEqualTo(Advice.Verdict.UNKNOWN);
        assertThat(advisor.on(there).verdict()).isEqualTo(Advice.Verdict.READY);
    }

    @Test
    void theMeterKnowsAFewNamesWhateverClientsCallThemselves() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        LegacyUse use = new LegacyUse(registry);
        for (int i = 0; i < 100; i++) {
            use.introduced("random-" + i);
        }
        use.introduced("cursor-vscode");

        assertThat(registry.getMeters()).hasSize(2);
        assertThat(registry.get("mcp_legacy_introductions")
                        .tag("client", "other")
                        .counter()
                        .count())
                .isEqualTo(100);
    }
}
