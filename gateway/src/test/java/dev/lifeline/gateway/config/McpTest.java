package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MCP clients get. */
class McpTest {

    @Test
    void theFiguresThatWerePromisedHold() {
        assertThat(config().mcp())
                .isEqualTo(new GatewayConfig.Mcp(
                        new GatewayConfig.Sessions(Duration.ofMinutes(30), Optional.empty(), 100_000),
                        new GatewayConfig.Quiet(Set.of("toolman", "tools"), Optional.of(Duration.ofMinutes(10))),
                        new GatewayConfig.Answers(Duration.ofMillis(20), Optional.empty()),
                        new GatewayConfig.Legacy(true, true, Optional.empty(), Optional.empty()),
                        "",
                        64));
    }

    @Test
    void limitsThatAreNotZeroAreLimits() {
        GatewayConfig.Mcp mcp = config(
                        "--session-request-timeout=1h", "--post-stream-max=50s", "--quiet-request-timeout=0")
                .mcp();

        assertThat(mcp.sessions().requestTimeout()).hasValue(Duration.ofHours(1));
        assertThat(mcp.answers().streamMax()).hasValue(Duration.ofSeconds(50));
        assertThat(mcp.quiet().requestTimeout()).isEmpty();
    }

    @Test
    void quietClientsAreNamedOrNone() {
        assertThat(config("--quiet-clients=My Client (v2),x, y").mcp().quiet().clients())
                .containsExactlyInAnyOrder("My Client (v2)", "x", "y");
        assertThat(config("--quiet-clients=a,a").mcp().quiet().clients()).containsExactly("a");
        assertThat(config("--quiet-clients=").mcp().quiet().clients()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gw", "/a/b.c/~d", "/%20x", "/...", "/.well-known"})
    void aPrefixIsAPath(String text) {
        assertThat(config("--external-prefix", text).mcp().externalPrefix()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw", "/gw/", "/", "/a//b", "https://h/gw", "/a?b", "/a/../b", "/..", "/a b", "//h"})
    void aPrefixIsNothingElse(String text) {
        assertThat(problems("--external-prefix=" + text))
                .singleElement()
                .asString()
                .contains("expected a path that begins with /")
                .endsWith("like /gateway");
    }

    @Test
    void theOldTransportIsCalledSoUnlessToldOtherwise() {
        assertThat(config("--legacy-sunset=2027-06-30", "--legacy-successor=https://h.example/move")
                        .mcp()
                        .legacy())
                .isEqualTo(new GatewayConfig.Legacy(
                        true,
                        true,
                        Optional.of(LocalDate.of(2027, 6, 30)),
                        Optional.of(URI.create("https://h.example/move"))));
        assertThat(config("--no-legacy-deprecation").mcp().legacy().deprecated())
                .isFalse();
        assertThat(config("--legacy-successor=/gw/mcp").mcp().legacy().successor())
                .hasValue(URI.create("/gw/mcp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027", "30.06.2027", "2027-02-30", "tomorrow"})
    void aSunsetIsADay(String text) {
        assertThat(problems("--legacy-sunset", text))
                .singleElement()
                .asString()
                .endsWith("expected a date, year first, like 2027-06-30");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp", "ftp://h/x", "//h/x", "https:///x", "/\u00e9", "/a>b", "mailto:a@b"})
    void aSuccessorIsALink(String text) {
        assertThat(problems("--legacy-successor", text))
                .singleElement()
                .asString()
                .contains("expected an http:// or https:// URL, or a path that begins with /");
    }

    @Test
    void datesThatNobodyIsToldAreWarnedOf() {
        assertThat(warnings("--no-legacy-deprecation", "--legacy-sunset=2027-06-30"))
                .singleElement()
                .asString()
                .contains("told to nobody");
        assertThat(warnings("--no-legacy-deprecation", "--legacy-successor=/x")).hasSize(1);
        assertThat(warnings("--no-legacy-deprecation")).isEmpty();
    }

    @Test
    void messagesThatCannotBeKeptAreWarnedOf() {
        assertThat(warnings("--max-upstream-message=5MiB"))
                .singleElement()
                .asString()
                .contains("cannot be replayed");
    }
}
