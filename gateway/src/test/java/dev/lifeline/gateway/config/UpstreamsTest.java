package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.ready;
import static dev.lifeline.gateway.config.Reading.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.config.GatewayConfig.Header;
import dev.lifeline.gateway.config.GatewayConfig.Upstream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which MCP servers stand behind the gateway, by what names, and with which headers. */
class UpstreamsTest {

    private static final String TOKEN = "Bearer hunter2hunter2";

    @TempDir
    Path folder;

    @Test
    void withoutAnyTheDemoIsInside() {
        assertThat(config().upstreams().all()).containsExactly(new Upstream.Demo("demo"));
    }

    @Test
    void thePathOfAnUrlTellsItsTransport() {
        assertThat(all("--upstream", "https://a.example/mcp", "--upstream=old=http://b.example:1/x/sse?k=v=w"))
                .containsExactly(
                        new Upstream.Http("default", URI.create("https://a.example/mcp"), false, List.of()),
                        new Upstream.Http("old", URI.create("http://b.example:1/x/sse?k=v=w"), true, List.of()));
    }

    @Test
    void theFirstUrlIsTheDefaultAndCommandsComeAfterUrls() {
        assertThat(all("--stdio=x=run", "--upstream=b=http://b.example,a=http://a.example"))
                .extracting(Upstream::name)
                .containsExactly("b", "a", "x");
    }

    @Test
    void aCommandKeepsItsCommasAndItsQuotedWords() {
        assertThat(all("--stdio", "files=npx -y it 'a b','c' \"d\"\"'\" --k=v '' C:\\x", "--stdio=run, now"))
                .containsExactly(
                        new Upstream.Stdio("files", List.of("npx", "-y", "it", "a b,c", "d'", "--k=v", "", "C:\\x")),
                        new Upstream.Stdio("default", List.of("run,", "now")));
    }

    @Test
    void aFileHasAListOrALineForEach() throws Exception {
        Path list = file("stdio:\n  - one=a, b\n  - two=c\nupstream_headers:\n  - 'X-Key: a, b'\nupstream: http://h\n");
        Path block = file("stdio: |\n  one=a, b\n\n  two=c\nupstream_headers: 'X-Key: a, b'\nupstream: http://h\n");

        assertThat(all("--config=" + list))
                .isEqualTo(all("--config=" + block))
                .containsExactly(
                        new Upstream.Http(
                                "default",
                                URI.create("http://h"),
                                false,
                                List.of(new Header("X-Key", new Secret("a, b")))),
                        new Upstream.Stdio("one", List.of("a,", "b")),
                        new Upstream.Stdio("two", List.of("c")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://h",
                "h:80/mcp",
                "https:",
                "https://u:p@h/mcp",
                "https://h/mcp#part",
                "Name=https://h",
                "a_b=https://h",
                "=https://h",
                "a23456789012345678901234567890123=https://h",
                "http://h h/",
            })
    void whatIsNoAddressOfAServerIsRefused(String text) {
        assertThat(problems("--upstream=" + text))
                .singleElement()
                .asString()
                .contains(
                        "upstream: the value (not shown) is not accepted; expected a list of which each is an http://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"My_Files=npx it", "PATH=x npx it", "files=npx 'it", "npx \"it", "a=", "'' x", "a=\"\" x"})
    void whatIsNoCommandIsRefused(String text) {
        assertThat(problems("--stdio=" + text))
                .singleElement()
                .asString()
                .contains("is not accepted; expected any number, a line each, of a command whose quotes are closed");
    }

    @Test
    void namesDiffer() {
        assertThat(problems("--upstream=https://a", "--stdio=run"))
                .singleElement()
                .asString()
                .contains("names of upstreams must differ; without one the name is default; now upstream is"
                        + " default=https://a (flag --upstream), stdio is run (flag --stdio)");
        assertThat(problems("--stdio=a=run", "--stdio=a=walk"))
                .singleElement()
                .asString()
                .contains("stdio is a=run | a=walk (flag --stdio)");
    }

    @ParameterizedTest
    @CsvSource({"sse", "mcp", "message", "messages", "events", "health", "metrics", "dashboard", "client", "api"})
    void noNameHidesAPathOfOurs(String name) {
        assertThat(problems("--upstream=" + name + "=https://a"))
                .singleElement()
                .asString()
                .contains("no upstream may be named after a path of ours: api, client,");
        assertThat(problems("--stdio=" + name + "=run")).hasSize(1);
    }

    @Test
    void aHeaderGoesToTheUpstreamItNames() {
        List<Upstream> all = all(
                "--upstream=a=https://a",
                "--upstream=b=https://b",
                "--upstream-headers=a:Authorization: " + TOKEN,
                "--upstream-headers=b:X-Key:  1: 2, 3");

        assertThat(all)
                .containsExactly(
                        new Upstream.Http(
                                "a",
                                URI.create("https://a"),
                                false,
                                List.of(new Header("Authorization", new Secret(TOKEN)))),
                        new Upstream.Http(
                                "b",
                                URI.create("https://b"),
                                false,
                                List.of(new Header("X-Key", new Secret("1: 2, 3")))));
    }

    @Test
    void aHeaderThatCouldReachTheWrongServerIsRefused() {
        String[] two = {"--upstream=a=https://a", "--upstream=b=https://b", "--upstream-headers=X-Key: " + TOKEN};

        assertThat(problems(two))
                .singleElement()
                .asString()
                .contains("upstream_headers must name one of upstream each, unless there is exactly one")
                .contains("upstream_headers is X-Key: ***")
                .doesNotContain("hunter2");
        assertThat(problems("--upstream=a=https://a", "--upstream-headers=c:X-Key: 1"))
                .hasSize(1);
        assertThat(problems("--stdio=run", "--upstream-headers=X-Key: 1")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"accept", "Mcp-Session-Id", "MCP-Protocol-Version", "Host", "Content-Length", "LAST-EVENT-ID"})
    void headersOfTheTransportAreNotForOthersToSay(String name) {
        assertThat(problems("--upstream=https://a", "--upstream-headers=" + name + ": x"))
                .singleElement()
                .asString()
                .contains("must not be headers the transport needs for itself");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2", "Authorization:hunter2", "A B: hunter2", "X: hunter2\u00e9", "X: ", "A:B:C: hunter2"})
    void whatIsNoHeaderIsRefusedWithoutRepeatingIt(String text) {
        assertThat(problems("--upstream=https://a", "--upstream-headers=" + text))
                .singleElement()
                .asString()
                .contains("expected any number, a line each, of a header, a colon, a blank and its value")
                .doesNotContain("hunter2");
    }

    @Test
    void neitherHeadersNorQueriesAreEverPrinted() {
        Map<String, String> environment = Map.of(
                "LIFELINE_UPSTREAM",
                "a=https://h/mcp?token=hunter2",
                "LIFELINE_UPSTREAM_HEADERS",
                "Authorization: " + TOKEN + "\na:X-Key: hunter2\n");

        ConfigResult.Ready ready = ready(environment);

        assertThat(ready.config().toString()).contains("a=https://h/mcp?***").doesNotContain("hunter2");
        assertThat(ready.effective().render())
                .contains("a=https://h/mcp?***", "Authorization: ***,a:X-Key: ***")
                .doesNotContain("hunter2");
        assertThat(ready.warnings()).isEmpty();
    }

    @Test
    void secretsInTheClearAreAdvisedAgainst() {
        String header = "--upstream-headers=a:X-Key: 1";

        assertThat(warnings("--upstream=a=http://far.example", header))
                .anySatisfy(said -> assertThat(said).contains("travel in the clear"));
        assertThat(warnings("--upstream=a=http://localhost:1", header))
                .noneSatisfy(said -> assertThat(said).contains("travel in the clear"));
        assertThat(warnings("--upstream=a=https://a,b=http://far.example", header))
                .noneSatisfy(said -> assertThat(said).contains("travel in the clear"));
    }

    @Test
    void timesAndBoundsAreWhatWasPromised() {
        GatewayConfig.Upstreams upstreams = config().upstreams();

        assertThat(upstreams.times())
                .isEqualTo(new GatewayConfig.UpstreamTimes(
                        Duration.ofSeconds(5), Optional.of(Duration.ofSeconds(90)), Duration.ofSeconds(30)));
        assertThat(upstreams.retry())
                .isEqualTo(new GatewayConfig.UpstreamRetry(Duration.ofSeconds(1), Duration.ofSeconds(30), 10));
        assertThat(upstreams.maxMessage()).isEqualTo(4 << 20);
        assertThat(upstreams.maxProcesses()).isEqualTo(100);
        assertThat(config("--upstream-idle-timeout=0").upstreams().times().idle())
                .isEmpty();
    }

    @Test
    void waitsDoNotShrink() {
        assertThat(problems("--upstream-retry-max=100ms"))
                .singleElement()
                .asString()
                .contains("upstream_retry_max must be at least upstream_retry_initial");
    }

    private static List<Upstream> all(String... args) {
        return config(args).upstreams().all();
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "some", ".yaml"), yaml);
    }
}
