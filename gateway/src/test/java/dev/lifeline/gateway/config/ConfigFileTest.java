package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The YAML file: what may stand in it, and what is said of the rest. */
class ConfigFileTest {

    @TempDir
    Path folder;

    private Path file;

    @Test
    void aListIsASequenceOrATextWithCommas() throws Exception {
        assertThat(origins("allowed_origins:\n  - https://a.example\n  - https://b.example\n"))
                .containsExactly("https://a.example", "https://b.example");
        assertThat(origins("allowed_origins: https://a.example, https://B.example\n"))
                .containsExactly("https://a.example", "https://b.example");
        assertThat(origins("allowed_origins: \"\"\n")).isEmpty();
        assertThat(origins("allowed_origins: []\n")).isEmpty();
    }

    @Test
    void valuesAreReadByOurRulesAndNotByThoseOfYaml() throws Exception {
        assertThat(complaints("port: 1_000\n"))
                .containsExactly(
                        file + " line 1: port: '1_000' is not accepted;" + " expected a whole number from 0 to 65535");
        assertThat(complaints("port: 0x10\n")).hasSize(1);
        write("port: 0010\n");
        assertThat(config("--config", file.toString()).http().listen().port()).isEqualTo(10);
    }

    @Test
    void anEmptyFileSaysNothing() throws Exception {
        write("# nothing yet\n");

        assertThat(config("--config", file.toString())).isEqualTo(config());
    }

    @Test
    void everythingWrongIsReportedTogetherWithItsLine() throws Exception {
        assertThat(complaints("heartbeat_intervall: 5s\nport: 99999\nport: 1\nmetrics: maybe\nbufferSize: 3\n"
                        + "host:\nredis: {a: b}\nallowed_hosts: [[a]]\n[x]: y\nconfig: z\ncluster: [true]\n"))
                .containsExactly(
                        at(1) + "there is no key 'heartbeat_intervall' for a file; did you mean heartbeat_interval?",
                        at(3) + "port stands here a second time; before, at " + file + " line 2",
                        at(5) + "there is no key 'bufferSize' for a file; did you mean message_buffer_size?",
                        at(6) + "host has no value that can be used; expected a host name or an address, without port",
                        at(7) + "redis has no value that can be used; expected a list of which each is a redis:// or"
                                + " rediss:// URL, like redis://:password@host:6379/0",
                        at(8) + "allowed_hosts has no value that can be used; expected a list of which each is a host"
                                + " with or without port, like app.example.org or app.example.org:8443",
                        at(9) + "a key must be a plain name",
                        at(10) + "there is no key 'config' for a file",
                        at(11) + "cluster has no value that can be used; expected true or false",
                        at(2) + "port: '99999' is not accepted; expected a whole number from 0 to 65535",
                        at(4) + "metrics: 'maybe' is not accepted; expected true or false");
    }

    @ParameterizedTest
    @CsvSource({
        "'just text', expected lines like port: 8080",
        "'- a list', expected lines like port: 8080",
        "'port: *hunter2', not YAML: found undefined alias",
        "'port: !hunter2!x y', not YAML: found undefined tag handle",
        "'port: [1', 'not YAML: expected '',''",
    })
    void whatIsNoFlatMappingIsRefusedWithoutQuotingIt(String yaml, String said) throws Exception {
        assertThat(complaints(yaml)).singleElement().asString().contains(said).doesNotContain("hunter2");
    }

    @Test
    void nestingAndAliasesAreBounded() throws Exception {
        assertThat(complaints("port: " + "[".repeat(20) + "]".repeat(20) + "\n"))
                .singleElement()
                .asString()
                .contains("not YAML that a configuration needs");
        assertThat(complaints("port: &a [1]\nhost: *a\n"))
                .singleElement()
                .asString()
                .contains("not YAML that a configuration needs");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        assertThat(problems("--config", folder.resolve("absent.yaml").toString()))
                .singleElement()
                .asString()
                .startsWith("flag --config: config: '")
                .endsWith("is not accepted; expected the path of a readable file");

        List<Problem> direct = new ArrayList<>();
        new ConfigFile(folder.resolve("gone.yaml"), direct);
        assertThat(direct).singleElement().asString().contains("cannot be read (NoSuchFileException)");
    }

    @Test
    void aFileMustBeUtf8AndOfReasonableSize() throws Exception {
        file = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
        assertThat(problems("--config", file.toString())).containsExactly(file + ": is not UTF-8");

        file = Files.write(folder.resolve("huge.yaml"), new byte[(1 << 20) + 1]);
        assertThat(problems("--config", file.toString()))
                .containsExactly(file + ": is larger than a configuration can be; expected at most 1MiB");
    }

    private List<String> origins(String yaml) throws Exception {
        write(yaml);
        return config("--config", file.toString()).security().origins().allowed();
    }

    private List<String> complaints(String yaml) throws Exception {
        write(yaml);
        return problems("--config", file.toString());
    }

    private void write(String yaml) throws Exception {
        file = Files.writeString(folder.resolve("lifeline.yaml"), yaml);
    }

    private String at(int line) {
        return file + " line " + line + ": ";
    }
}
