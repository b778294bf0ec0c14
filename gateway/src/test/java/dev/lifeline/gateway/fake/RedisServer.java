package dev.lifeline.gateway.fake;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis in a process of its own, on a free port of the loopback, with its data in a directory that goes with it.
 * Everything that can befall a Redis can be done to this one, and each verb returns when it is done: the server answers,
 * or is gone.
 *
 * <p>The program is the machine's own {@code redis-server}, or else the one that a test dependency carries along.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 2_000_000;
    private static final int SLOTS = 16_384;
    private static final String DUMP = "dump.rdb";

    // Below the ports that systems give to outgoing connections: a client that keeps dialling the port of a
    // stopped server would sooner or later be given that very port, and find itself.
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    /** A cluster's bus listens so many ports above the server; it too is to stay below those. */
    private static final int CLUSTER_BUS = 10_000;

    private final Path directory;
    private final int port;
    private final Options options;
    private final Certificates certificates;
    private Process process;

    /**
     * How a server is to be.
     *
     * @param password what clients have to know, or null
     * @param tls whether it speaks TLS, and only that
     * @param appendOnly whether each write is handed to the system before it is answered: then a kill loses nothing
     * @param cluster whether it is a Redis Cluster, of one server
     */
    public record Options(String password, boolean tls, boolean appendOnly, boolean cluster) {

        public static Options plain() {
            return new Options(null, false, false, false);
        }

        public Options withPassword(String secret) {
            return new Options(secret, tls, appendOnly, cluster);
        }

        /** Aborts the test, saying why, on a machine that cannot make certificates. */
        public Options withTls() {
            return new Options(password, true, appendOnly, cluster);
        }

        public Options withAppendOnlyFile() {
            return new Options(password, tls, true, cluster);
        }

        public Options asCluster() {
            return new Options(password, tls, appendOnly, true);
        }

        public RedisServer start() {
            return new RedisServer(this);
        }
    }

    private RedisServer(Options options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("redis");
            certificates = options.tls() ? Certificates.makeIn(directory) : null;
            port = freePort(options.cluster() ? HIGHEST_PORT - CLUSTER_BUS : HIGHEST_PORT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::destroy));
        start();
        if (options.cluster()) {
            takeAllSlots();
        }
    }

    private void takeAllSlots() {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(0, SLOTS).mapToObj(Integer::toString).forEach(command::add);
        ask(command.toArray(String[]::new));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ask("CLUSTER", "INFO").toString().contains("cluster_state:ok")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the cluster does not come up:\n" + log());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** A server without password, TLS or persistence. */
    public static RedisServer plain() {
        return Options.plain().start();
    }

    private static int freePort(int highest) throws IOException {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, highest);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException taken) {
                // Then another one.
                continue;
            }
        }
    }

    public int port() {
        return port;
    }

    /** Where it is to be found, password included. */
    public String uri() {
        String user = options.password() == null ? "" : ":" + options.password() + "@";
        return (options.tls() ? "rediss://" : "redis://") + user + "127.0.0.1:" + port;
    }

    /** The certificate of the authority that signed the server's. */
    public Path authority() {
        return certificates.authority();
    }

    /** Starts it again, on the same port, with the data it left behind. */
    public void restart() {
        start();
    }

    private void start() {
        try {
            process = new ProcessBuilder(commandLine())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server does not start", e);
        }
        awaitAnswer();
    }

    private List<String> commandLine() throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Program.PATH, "--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(List.of("--unixsocket", socket().toString(), "--save", ""));
        if (options.tls()) {
            command.addAll(List.of("--port", "0", "--tls-port", Integer.toString(port), "--tls-auth-clients", "no"));
            command.addAll(List.of("--tls-cert-file", certificates.certificate().toString()));
            command.addAll(List.of("--tls-key-file", certificates.key().toString()));
            command.addAll(
                    List.of("--tls-ca-cert-file", certificates.authority().toString()));
        } else {
            command.addAll(List.of("--port", Integer.toString(port)));
        }
        if (options.password() != null) {
            command.addAll(List.of("--requirepass", options.password()));
        }
        if (options.appendOnly()) {
            command.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec"));
        }
        if (options.cluster()) {
            command.addAll(List.of("--cluster-enabled", "yes", "--cluster-require-full-coverage", "no"));
        }
        return command;
    }

    private Path socket() {
        return directory.resolve("redis.sock");
    }

    private File logFile() {
        return directory.resolve("redis.log").toFile();
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("redis-server did not come up:\n" + log());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean answers() {
        try {
            return ask("PING").equals("PONG");
        } catch (UncheckedIOException | IllegalStateException notYet) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(logFile().toPath());
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Asks it something, over a connection of its own, and returns the answer: a text, a number, a list of such, or null. */
    public Object ask(String... words) {
        try (RedisSocket conversation = new RedisSocket(socket())) {
            if (options.password() != null) {
                conversation.ask("AUTH", options.password());
            }
            return conversation.ask(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All keys that begin so. */
    public List<String> keys(String prefix) {
        return ((List<?>) ask("KEYS", prefix + "*"))
                .stream().map(Object::toString).toList();
    }

    public void flushAll() {
        ask("FLUSHALL");
    }

    /** Takes away the room on its disk: from now on it cannot save, and so takes no writes. */
    public void takeDisk() {
        // Of a full folder it cannot make a file.
        blockade().mkdirs();
        ask("CONFIG", "SET", "save", "3600 1");
        save("err");
    }

    public void giveDiskBack() {
        blockade().delete();
        blockade().getParentFile().delete();
        save("ok");
    }

    private File blockade() {
        return directory.resolve("dump.rdb").resolve("in the way").toFile();
    }

    private void save(String outcome) {
        ask("BGSAVE");
        while (!ask("INFO", "persistence").toString().contains("rdb_last_bgsave_status:" + outcome)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** From now on nobody may give this command. */
    public void forbid(String command) {
        ask("ACL", "SETUSER", "default", "-" + command);
    }

    /** Makes it forget every script it was taught. */
    public void flushScripts() {
        ask("SCRIPT", "FLUSH");
    }

    /** Ends it the orderly way; what was not written to a file is gone. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    /** Ends it as a crash would: at once. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("redis-server does not end:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops its clock: connections stay open and nothing is answered, until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Keeps a copy of all data as they are now, for {@link #restoreAndRestart}. */
    public Path copy() {
        ask("SAVE");
        try {
            return Files.copy(
                    directory.resolve(DUMP), Files.createTempFile(directory, "copy", ".rdb"), REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, puts an older copy in the place of its data, and starts it again. */
    public void restoreAndRestart(Path copy) {
        if (options.appendOnly()) {
            throw new IllegalStateException("a server with an append-only file would not look at the copy");
        }
        kill();
        try {
            Files.copy(copy, directory.resolve(DUMP), REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    @Override
    public void close() {
        destroy();
        awaitEnd();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void destroy() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** The program to run, looked for once. */
    private static final class Program {

        static final String PATH = find();

        private static String find() {
            for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
                File candidate = new File(folder, "redis-server");
                if (candidate.canExecute()) {
                    return candidate.getPath();
                }
            }
            try {
                return ExecutableProvider.newJarResourceProvider().get().getPath();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "no redis-server on the PATH, and none carried along for this machine", e);
            }
        }
    }
}
