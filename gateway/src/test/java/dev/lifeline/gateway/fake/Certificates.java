package dev.lifeline.gateway.fake;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An authority of our own and a server certificate for the loopback signed by it, made anew by {@code openssl}.
 *
 * @param authority the authority's certificate: who trusts it trusts the server
 */
public record Certificates(Path authority, Path certificate, Path key) {

    /** Makes them in a directory; aborts the test, saying why, on a machine without {@code openssl}. */
    public static Certificates makeIn(Path directory) throws IOException {
        Path names = Files.writeString(directory.resolve("names.cnf"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        List<String> newKey = List.of("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");
        openssl(directory, newKey, "-x509", "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.crt");
        openssl(directory, newKey, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr");
        openssl(
                directory,
                List.of("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"),
                "-extfile",
                names.toString(),
                "-out",
                "server.crt");
        return new Certificates(
                directory.resolve("ca.crt"), directory.resolve("server.crt"), directory.resolve("server.key"));
    }

    private static void openssl(Path directory, List<String> verb, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(verb);
        command.addAll(Arrays.asList(more));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException absent) {
            abort("not tested here: openssl, which makes the certificates, is not on the PATH");
            return;
        }
        String said = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("openssl " + verb + ":\n" + said);
        }
    }
}
