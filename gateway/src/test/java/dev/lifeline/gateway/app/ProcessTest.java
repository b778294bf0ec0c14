package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.SseClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: what a terminal, a supervisor or a kubelet sees of it. */
class ProcessTest {

    private static final Pattern ADDRESS = Pattern.compile("is up at http://127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    private Path directory;

    private Process process;

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private Process start(String... options) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String[] command = new String[options.length + 4];
        System.arraycopy(
                new String[] {java, "-cp", System.getProperty("java.class.path"), Main.class.getName()},
                0,
                command,
                0,
                4);
        System.arraycopy(options, 0, command, 4, options.length);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        return process;
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException notYet) {
            return "";
        }
    }

    @Test
    void toldToStopItEndsItsStreamsAndGoes() throws Exception {
        start("--port", "0", "--drain-timeout", "1s");
        RunningGateway.eventually("it is up", () -> ADDRESS.matcher(said()).find());
        Matcher address = ADDRESS.matcher(said());
        assertThat(address.find()).isTrue();
        try (SseClient client = new SseClient(
                        new Socket("127.0.0.1", Integer.parseInt(address.group(1))),
                        "GET /events/a HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .listen()) {
            client.next(Kind.POSITION);

            process.destroy();

            assertThat(client.next().kind()).isEqualTo(Kind.RETRY);
            assertThat(client.next().kind()).isEqualTo(Kind.END);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(said()).contains("draining").contains("stopped");
        }
    }

    @Test
    void aWrongConfigurationIsItsExitCode() throws Exception {
        start("--port", "many");

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(said()).contains("port").doesNotContain("Exception");
    }
}
