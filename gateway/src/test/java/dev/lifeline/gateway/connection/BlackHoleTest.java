package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lifeline.gateway.fake.RunningGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network that swallows packets and says nothing: a client in a network namespace of its own, then a rule there that
 * drops everything. Needs Linux, root, {@code ip} and {@code nft}; elsewhere it is aborted and says so.
 */
class BlackHoleTest {

    private static final long SELF = ProcessHandle.current().pid();
    private static final String SPACE = "lifeline-" + SELF;
    private static final String HERE = "ll" + SELF % 1_000_000 + "a";
    private static final String THERE = "ll" + SELF % 1_000_000 + "b";
    private static final String NET = "10." + (SELF % 200 + 20) + "." + (SELF / 200 % 250) + ".";

    @TempDir
    private Path directory;

    private Process client;

    @BeforeEach
    void digAHole() throws Exception {
        boolean dug = run("ip", "netns", "add", SPACE)
                && run("ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE)
                && run("ip", "link", "set", THERE, "netns", SPACE)
                && run("ip", "addr", "add", NET + "1/24", "dev", HERE)
                && run("ip", "link", "set", HERE, "up")
                && inside("ip", "addr", "add", NET + "2/24", "dev", THERE)
                && inside("ip", "link", "set", THERE, "up")
                && inside("nft", "add", "table", "inet", "hole");
        assumeTrue(dug, "no network namespaces here (root, ip and nft are needed): a black hole cannot be tried");
    }

    @AfterEach
    void fillIt() throws Exception {
        if (client != null) {
            client.destroyForcibly().waitFor();
        }
        run("ip", "link", "del", HERE);
        run("ip", "netns", "del", SPACE);
    }

    @Test
    void aPeerBehindANetworkThatSwallowsPacketsIsLostInTime() throws Exception {
        try (RunningGateway gateway = RunningGateway.on(
                NET + "1",
                "--allow-open=true",
                "--admin-token",
                "0123456789abcdef0123456789abcdef",
                "--heartbeat-interval",
                "1s",
                "--connection-timeout",
                "3s")) {
            Path heard = directory.resolve("heard");
            client = listener(gateway.port(), heard);
            RunningGateway.eventually("the client hears", () -> read(heard).contains("id: "));

            long cut = System.nanoTime();
            inside("nft", "add", "chain", "inet", "hole", "in", "{ type filter hook input priority 0; policy drop; }");
            inside(
                    "nft",
                    "add",
                    "chain",
                    "inet",
                    "hole",
                    "out",
                    "{ type filter hook output priority 0; policy drop; }");
            RunningGateway.eventually("the peer is lost", () -> metrics(gateway).contains("reason=\"peer_lost\"} 1"));

            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cut);
            assertThat(took).as("milliseconds until it was noticed").isBetween(1500L, 4500L);
            assertThat(client.isAlive()).isTrue();
        }
    }

    private static String metrics(RunningGateway gateway) {
        return gateway.get("/metrics", "Authorization", "Bearer 0123456789abcdef0123456789abcdef")
                .body();
    }

    private static Process listener(int port, Path heard) throws IOException {
        String script = "exec 3<>/dev/tcp/" + NET + "1/" + port + "; printf 'GET /events/hole HTTP/1.1\\r\\nHost: "
                + NET + "1\\r\\n\\r\\n' >&3; exec cat <&3";
        return new ProcessBuilder("ip", "netns", "exec", SPACE, "bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(heard.toFile())
                .start();
    }

    private static boolean inside(String... command) throws Exception {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"ip", "netns", "exec", SPACE}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        return run(whole);
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notYet) {
            return "";
        }
    }
}
