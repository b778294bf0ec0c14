package dev.lifeline.gateway.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration is replaced as a whole, and what it was is kept. */
class ConfigurationFileTest {

    @TempDir
    private Path folder;

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void theOldOneStaysBeside() throws IOException {
        Path file = Files.writeString(folder.resolve("mcp.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        Path backup = ConfigurationFile.read(file).replace("new", Instant.parse("2026-11-21T18:00:00.123Z"));

        assertThat(backup).hasFileName("mcp.json.bak-20261121T180000123Z").hasContent("old");
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rw-r-----");
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void aLinkGoesOnPointingToIt() throws IOException {
        Path file = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("mcp.json"), file);

        ConfigurationFile.read(link).replace("new", Instant.now());

        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(file).isRegularFile().hasContent("new");
    }

    @Test
    void whatSomebodyElseWroteMeanwhileIsNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("mcp.json"), "old");
        ConfigurationFile read = ConfigurationFile.read(file);
        Files.writeString(file, "theirs");

        assertThatThrownBy(() -> read.replace("new", Instant.now())).hasMessageContaining("changed by somebody else");

        assertThat(file).hasContent("theirs");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aBackupIsNeverOverwritten() throws IOException {
        Instant now = Instant.now();
        Path file = Files.writeString(folder.resolve("mcp.json"), "one");
        ConfigurationFile.read(file).replace("two", now);

        assertThatThrownBy(() -> ConfigurationFile.read(file).replace("three", now))
                .isInstanceOf(IOException.class);

        assertThat(file).hasContent("two");
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void whatIsNotTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("mcp.json"), new byte[] {(byte) 0xff, 0});

        assertThatThrownBy(() -> ConfigurationFile.read(file).text()).hasMessageContaining("UTF-8");
    }
}
