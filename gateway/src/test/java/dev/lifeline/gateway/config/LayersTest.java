package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File, environment, flags: who wins, and how each says the same. */
class LayersTest {

    @TempDir
    Path folder;

    @Test
    void theEnvironmentWinsOverTheFileAndFlagsOverBoth() throws Exception {
        Path file = file("port: 1\nadmin_port: 11\nevent_loops: 3\n");
        Map<String, String> environment =
                Map.of("LIFELINE_CONFIG", file.toString(), "LIFELINE_PORT", "2", "LIFELINE_ADMIN_PORT", "22");

        GatewayConfig.Http http = ready(environment, "--port", "3").config().http();

        assertThat(http.listen().port()).isEqualTo(3);
        assertThat(http.listen().adminPort()).hasValue(22);
        assertThat(http.threads().eventLoops()).isEqualTo(3);
    }

    @Test
    void theConfigFlagWinsOverTheConfigVariable() throws Exception {
        Map<String, String> environment =
                Map.of("LIFELINE_CONFIG", folder.resolve("absent").toString());

        int port = ready(environment, "--config", file("port: 7\n").toString())
                .config()
                .http()
                .listen()
                .port();

        assertThat(port).isEqualTo(7);
    }

    @Test
    void whatIsInForceTellsWhereItCameFrom() throws Exception {
        Path file = file("# a comment\nheartbeat_interval: 10s\n");

        String text = ready(Map.of("LIFELINE_PORT", "9090"), "--no-cluster", "--config=" + file)
                .effective()
                .render();

        assertThat(text)
                .containsPattern("heartbeat_interval +10s +.*sample.yaml line 2")
                .containsPattern("port +9090 +environment LIFELINE_PORT")
                .containsPattern("cluster +false +flag --no-cluster")
                .containsPattern("tls_cert +- +default")
                .containsPattern("connection_timeout +90s +default");
    }

    @Test
    void aFlagTakesItsValueAfterABlankOrAnEqualsSign() {
        assertThat(config("--port", "1").http().listen().port()).isEqualTo(1);
        assertThat(config("--port=2").http().listen().port()).isEqualTo(2);
        assertThat(config("--buffer-size=3").buffer().tail().events()).isEqualTo(3);
    }

    @Test
    void aSwitchIsTurnedOnOffOrSet() {
        assertThat(config("--h2c").http().protocol().h2c()).isTrue();
        assertThat(config("--h2c", "false").http().protocol().h2c()).isFalse();
        assertThat(config("--h2c=yes", "--no-metrics").http().protocol().h2c()).isTrue();
        assertThat(config("--h2c", "--no-metrics").operations().metrics()).isFalse();
        assertThat(config("--metrics", "off").operations().metrics()).isFalse();
        assertThat(config("--no-h2c", "--h2c").http().protocol().h2c()).isTrue();
    }

    @Test
    void theLastOfEqualFlagsWinsAndListsAddUp() {
        assertThat(config("--port=1", "--port=2").http().listen().port()).isEqualTo(2);
        assertThat(config("--allowed-hosts=a,B", "--allowed-hosts", "c")
                        .security()
                        .origins()
                        .hosts())
                .containsExactly("a", "b", "c");
        assertThat(config("--allowed-hosts=", "--allowed-hosts", "c")
                        .security()
                        .origins()
                        .hosts())
                .containsExactly("c");
    }

    @Test
    void anEmptyVariableCountsAsAbsentAndAnEmptyFlagTakesAway() throws Exception {
        Path file = file("node_id: here\n");

        assertThat(ready(Map.of("LIFELINE_NODE_ID", ""), "--config=" + file)
                        .config()
                        .nodes()
                        .id())
                .hasValue("here");
        assertThat(config("--node-id=", "--config=" + file).nodes().id()).isEmpty();
    }

    @Test
    void helpIsAnsweredBeforeAnythingIsChecked() {
        assertThat(ConfigReader.read(List.of("--port", "x", "--help"), Map.of()))
                .isEqualTo(new ConfigResult.HelpWanted(Help.text()));
        assertThat(ConfigReader.read(List.of("-h"), Map.of())).isInstanceOf(ConfigResult.HelpWanted.class);
    }

    @Test
    void flagsThatCannotBeUnderstoodAreAllReported() {
        assertThat(problems(
                        "--heartbeat-intervall",
                        "5s",
                        "--port",
                        "--no-cluster=x",
                        "stray",
                        "--zzzzzzzz",
                        "--no-metric"))
                .containsExactly(
                        "'--heartbeat-intervall': there is no such flag; did you mean --heartbeat-interval?",
                        "--port: needs a value; expected a whole number from 0 to 65535",
                        "--no-cluster: takes no value",
                        "argument 5: not a flag; flags look like --port 8080, and a value with spaces needs quotes",
                        "'--zzzzzzzz': there is no such flag",
                        "'--no-metric': there is no such flag; did you mean --no-metrics?");
        assertThat(problems("--host")).hasSize(1).first().asString().startsWith("--host: needs a value");
    }

    @Test
    void aKeyOfTheFileIsRecognisedAsAFlagThatIsMeant() {
        assertThat(problems("--message-buffer-size=5"))
                .containsExactly("'--message-buffer-size': there is no such flag; did you mean --buffer-size?");
    }

    @Test
    void unknownVariablesAreWarnedOf() {
        Map<String, String> environment =
                Map.of("LIFELINE_PROT", "1", "LIFELINE_BUFFER_SIZE", "5", "LIFELINE_QQQQQQ", "x", "PORT", "y");

        assertThat(ready(environment).warnings())
                .containsExactly(
                        "'LIFELINE_BUFFER_SIZE' is no setting of ours; did you mean LIFELINE_MESSAGE_BUFFER_SIZE?",
                        "'LIFELINE_PROT' is no setting of ours; did you mean LIFELINE_PORT?",
                        "'LIFELINE_QQQQQQ' is no setting of ours");
    }

    @Test
    void whatKubernetesPutsThereForAServiceOfOurNameIsNotForUs() {
        Map<String, String> environment = Map.of(
                "LIFELINE_PORT", "tcp://10.0.0.1:8080",
                "LIFELINE_PORT_8080_TCP_ADDR", "10.0.0.1",
                "LIFELINE_SERVICE_HOST", "10.0.0.1",
                "LIFELINE_SERVICE_PORT_HTTP", "8080",
                "LIFELINE_REDIS_PORT", "tcp://10.0.0.2:6379");

        ConfigResult.Ready ready = ready(environment);

        assertThat(ready.config().http().listen().port()).isEqualTo(8080);
        assertThat(ready.warnings()).singleElement().asString().startsWith("LIFELINE_PORT is ignored");
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("sample.yaml"), yaml);
    }
}
