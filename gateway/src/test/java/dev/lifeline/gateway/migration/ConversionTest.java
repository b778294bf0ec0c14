package dev.lifeline.gateway.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of each client, and what they become to the byte: {@code src/test/resources/migration}. */
class ConversionTest {

    private static String resource(String path) throws IOException {
        try (InputStream in = ConversionTest.class.getResourceAsStream("/migration/" + path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static Conversion converted(String file, String text) {
        return Conversion.of(file, text, Optional.empty(), Optional.empty());
    }

    private static Finding only(String server) {
        return converted("mcp.json", "{\"mcpServers\":{\"a\":" + server + "}}")
                .findings()
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "cursor, .cursor/mcp.json, cursor",
        "claude-desktop, claude_desktop_config.json, claude-desktop",
        "claude-code, .claude.json, claude-code",
        "vscode, .vscode/mcp.json, vscode",
        "toolman, servers-config.json, toolman",
        "toolman-nested, config.json, toolman",
        "generic, servers.json, generic",
    })
    void becomesItsStreamableVersion(String folder, String file, String style) throws IOException {
        Conversion conversion = converted("/home/someone/" + file, resource(folder + "/" + file));

        assertThat(conversion.style().label()).isEqualTo(style);
        assertThat(conversion.text()).isEqualTo(resource(folder + "/streamable.json"));
        assertThat(conversion.changes()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cursor", "claude-desktop", "claude-code", "vscode", "toolman", "toolman-nested", "generic"})
    void twiceIsOnce(String folder) throws IOException {
        String text = resource(folder + "/streamable.json");

        Conversion again = converted("mcp.json", text);

        assertThat(again.changes()).isFalse();
        assertThat(again.text()).isEqualTo(text);
    }

    @Test
    void whoseItIsCanBeSaid() {
        String text = "{\"mcpServers\":{\"a\":{\"type\":\"sse\",\"url\":\"http://h/sse\"}}}";

        assertThat(Conversion.of("x", text, Optional.of(ClientStyle.CLAUDE_CODE), Optional.empty())
                        .text())
                .contains("\"type\":\"http\"");
        assertThat(converted("x", text).text()).contains("\"type\":\"streamable-http\"");
        assertThat(converted("x", "{\"servers\":{\"a\":{\"url\":\"http://h/mcp\"}}}")
                        .style())
                .isEqualTo(ClientStyle.VSCODE);
        assertThat(converted("settings.json", "{\"mcp\":{\"servers\":{\"a\":{\"url\":\"http://h/sse\"}}}}")
                        .text())
                .contains("http://h/mcp");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:80, changed",
        "HTTP://H:80/, changed",
        "http://h:80/gw, left",
        "http://h:8, left",
        "http://other, left",
    })
    void onlyWhatIsAtTheGatewayIsChangedWhereOneIsNamed(String gateway, String becomes) {
        String text = "{\"mcpServers\":{\"a\":{\"url\":\"http://h:80/docs/sse\"},"
                + "\"b\":{\"command\":\"npx\",\"args\":[\"mcp-remote\",\"http://h:80/sse\"]}}}";

        Conversion conversion = Conversion.of("x", text, Optional.empty(), Optional.of(gateway));

        assertThat(conversion.changes()).isEqualTo(becomes.equals("changed"));
        assertThat(conversion.isUnclear()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "\"http://h/sse\"",
                "{\"url\":7}",
                "{\"url\":\"http://h/events\"}",
                "{\"url\":\"http://h/sse/desk-7\"}",
                "{\"url\":\"${input:url}\"}",
                "{\"type\":\"sse\",\"url\":\"http://h/mcp\"}",
                "{\"type\":\"http\",\"url\":\"http://h/sse\"}",
                "{\"type\":\"ws\",\"url\":\"http://h/sse\"}",
                "{\"command\":\"bridge\",\"args\":[\"--from\",\"http://h/sse\"]}",
            })
    void whatNobodyCanKnowIsLeftToAHuman(String server) {
        assertThat(only(server).kind()).isEqualTo(Finding.Kind.UNCLEAR);
        assertThat(only(server).edits()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/sse, http://h/mcp",
        "http://h/sse/, http://h/mcp",
        "http://h/docs/sse?token=a/sse, http://h/docs/mcp?token=a/sse",
        "http://h/sse#sse, http://h/mcp#sse",
        "${env:GATEWAY}/sse, ${env:GATEWAY}/mcp",
    })
    void theEndOfThePathIsWhatChanges(String before, String after) {
        assertThat(only("{\"url\":\"" + before + "\"}").edits())
                .extracting(Finding.Edit::after)
                .containsExactly(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"mcpServers\":{\"a\":}}|line 1, column 20",
                "{\"mcpServers\":{}|line 1",
                "{\"a\":1,\"a\":2}|Duplicate",
                "{} {}|line 1: something follows",
                "{\"theme\":\"dark\"}|no servers",
                "[]|no servers",
                "''|nothing in it",
            })
    void whatIsNoConfigurationIsSaidWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> converted("x", text))
                .isInstanceOf(UnreadableConfiguration.class)
                .hasMessageContaining(message);
    }
}
