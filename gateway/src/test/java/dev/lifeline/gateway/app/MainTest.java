package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, as far as it does not go on serving. */
class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return new Main(new PrintStream(out, true), new PrintStream(err, true)).run(List.of(args), Map.of());
    }

    @Test
    void checkShowsWhatTheConfigurationComesTo(@TempDir Path directory) throws Exception {
        String unused = Files.writeString(directory.resolve("keys"), "").toString();

        assertThat(run("check", "--port", "8181", "--keys-file", unused)).isZero();

        assertThat(out.toString())
                .contains("8181")
                .contains("heartbeat_interval")
                .contains("warning: ");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve", ""})
    void everythingThatIsWrongIsSaidAtOnce(String command) {
        String[] options = {"--port", "notaport", "--heartbeat-interval", "0", "--nonsense"};
        String[] args = new String[options.length + (command.isEmpty() ? 0 : 1)];
        args[0] = command;
        System.arraycopy(options, 0, args, args.length - options.length, options.length);

        assertThat(run(args)).isEqualTo(2);

        assertThat(err.toString())
                .contains("notaport")
                .contains("heartbeat_interval")
                .contains("nonsense");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aCommandNobodyKnowsIsMisuse() {
        assertThat(run("destroy")).isEqualTo(2);

        assertThat(err.toString()).contains("destroy").contains("serve").contains("check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help"})
    void helpListsTheOptions(String word) {
        assertThat(run(word)).isZero();

        assertThat(out.toString()).contains("--port").contains("--heartbeat-interval");
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            assertThat(run("--port", Integer.toString(taken.getLocalPort()))).isEqualTo(1);
        }

        assertThat(err.toString()).contains("could not start").contains("in use");
    }

    @Test
    void itServesAndSaysHow() {
        assertThat(run("serve", "--port", "0", "--drain-timeout", "0s")).isZero();

        assertThat(out.toString()).contains("is up at http://127.0.0.1:").contains("curl -N");
    }
}
