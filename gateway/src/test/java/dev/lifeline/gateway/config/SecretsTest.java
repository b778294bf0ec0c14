package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.ready;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret in a log, a message or a page (R41). */
class SecretsTest {

    private static final String SECRET = "hunter2hunter2hunter2";

    @Test
    void aConfigurationPrintsWithoutSecrets() {
        GatewayConfig config =
                config("--admin-token", SECRET, "--redis=redis://me:" + SECRET + "@h:1/0?password=" + SECRET);

        assertThat(config.toString()).doesNotContain(SECRET).contains("redis://***@h:1/0?***");
        assertThat(config.security().adminToken().orElseThrow().reveal()).isEqualTo(SECRET);
        assertThat(config.nodes()
                        .redis()
                        .orElseThrow()
                        .servers()
                        .urls()
                        .get(0)
                        .reveal()
                        .getUserInfo())
                .isEqualTo("me:" + SECRET);
    }

    @Test
    void whatIsInForcePrintsWithoutSecrets() {
        Map<String, String> environment =
                Map.of("LIFELINE_ADMIN_TOKEN", SECRET, "LIFELINE_REDIS", "rediss://:" + SECRET + "@h");

        ConfigResult.Ready ready = ready(environment);

        assertThat(ready.effective().render())
                .doesNotContain(SECRET)
                .containsPattern("admin_token +\\*\\*\\* +environment LIFELINE_ADMIN_TOKEN")
                .containsPattern("redis +rediss://\\*\\*\\*@h +environment");
        assertThat(ready.warnings()).isEmpty();
    }

    @Test
    void aSecretAmongTheArgumentsIsWarnedOf() {
        assertThat(Reading.warnings("--admin-token", SECRET, "--redis=redis://h"))
                .containsExactly("--admin-token holds a secret that everybody on this machine can see;"
                        + " use LIFELINE_ADMIN_TOKEN or the file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--admin-token=hunter2 x",
                "--redis=http://:hunter2@h",
                "--redis=redis://:hunter2@h,redis://hunter2:x:y@h",
                "--admin-tokn=hunter2",
                "--admin-token:hunter2",
                "hunter2",
            })
    void aRefusedValueThatMayBeASecretIsNotRepeated(String argument) {
        assertThat(problems(argument))
                .isNotEmpty()
                .allSatisfy(said -> assertThat(said).doesNotContain("hunter2"));
    }

    @Test
    void aValueAfterAMistypedFlagIsNotRepeated() {
        assertThat(problems("--admin-tokn", "hunter2"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void aRuleAboutASecretShowsNoSecret() {
        assertThat(problems("--redis=redis://:" + SECRET + "@a,redis://b"))
                .singleElement()
                .asString()
                .doesNotContain(SECRET)
                .contains("redis is redis://***@a,redis://b (flag --redis)");
    }

    @Test
    void aForeignTextCannotForgeALine() {
        assertThat(problems("--log-level=a\nERROR b" + "c".repeat(100)))
                .singleElement()
                .asString()
                .doesNotContain("\n")
                .contains("'a?ERROR bccc")
                .contains("ccc...'");
    }
}
