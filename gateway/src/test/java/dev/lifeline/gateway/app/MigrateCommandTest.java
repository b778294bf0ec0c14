package dev.lifeline.gateway.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code migrate} on the command line: what it prints, what it writes, and how it ends. */
class MigrateCommandTest {

    private static final String OLD = "{\"mcpServers\":{\"a\":{\"url\":\"http://h/sse?token=secret\"}}}\n";
    private static final String NEW = OLD.replace("/sse", "/mcp");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private int run(String input, String... args) {
        out.reset();
        err.reset();
        return new MigrateCommand(
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true),
                        new PrintStream(err, true))
                .run(List.of(args));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void theResultIsOnStandardOutputAndTheReportBesideIt() {
        assertThat(run(OLD, "--stdin")).isZero();

        assertThat(out.toString(UTF_8)).isEqualTo(NEW);
        assertThat(err.toString(UTF_8))
                .contains("generic, 1 server\n")
                .contains("a: changed")
                .contains("- url: http://h/sse?...")
                .contains("+ url: http://h/mcp?...")
                .doesNotContain("secret");
    }

    @Test
    void aFileIsWrittenOnceAndThenLeftAlone() throws IOException {
        String file = file("mcp.json", OLD);
        assertThat(run("", file)).isZero();
        assertThat(Path.of(file)).hasContent(OLD);

        assertThat(run("", "--write", file)).isZero();
        assertThat(Path.of(file)).hasContent(NEW);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).contains("written; what it was is kept beside it, in mcp.json.bak-");

        assertThat(run("", "--write", file)).isZero();
        assertThat(err.toString(UTF_8)).contains("nothing to write");
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void oneBadFileDoesNotKeepTheOthersFromBeingDone() throws IOException {
        String bad = file("bad.json", "{\n  \"mcpServers\": {\n    \"a\": {,}\n");
        String good = file("good.json", OLD);
        String missing = folder.resolve("missing.json").toString();

        assertThat(run("", "--write", bad, missing, good)).isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains("bad.json: line 3, column").contains("missing.json: there is no such");
        assertThat(Path.of(good)).hasContent(NEW);
    }

    @Test
    void severalResultsAreToldApart() throws IOException {
        String one = file("one.json", OLD);
        String two = file("two.json", OLD);

        assertThat(run("", one, two)).isZero();

        assertThat(out.toString(UTF_8)).isEqualTo("==> " + one + " <==\n" + NEW + "==> " + two + " <==\n" + NEW);
    }

    @Test
    void whatNeedsAHumanIsSaidInTheExitCode() {
        String odd = "{\"mcpServers\":{\"a\":{\"url\":\"http://h/sse\"},\"b\":{\"url\":\"http://h/\"},"
                + "\"c\":{\"command\":\"x\"}}}";

        assertThat(run(odd, "--stdin", "--client", "cursor")).isEqualTo(1);

        assertThat(out.toString(UTF_8)).contains("http://h/mcp");
        assertThat(err.toString(UTF_8)).contains("b: needs a look").contains("c: left alone");
        assertThat(run(odd, "--stdin", "--gateway", "http://elsewhere")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', Which file",
        "--stdin x.json, Either",
        "--stdin --write, cannot be written back",
        "--client nobody x.json, There is no client nobody",
        "--client, needs a value",
        "--gateway, needs a value",
        "--nonsense, There is no option --nonsense",
    })
    void aCommandLineThatMakesNoSenseIsMisuse(String args, String message) {
        assertThat(run("", args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains(message).contains("migrate takes FILE");
    }
}
