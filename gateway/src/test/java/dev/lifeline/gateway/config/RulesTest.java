package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.config.GatewayConfig.Auth;
import dev.lifeline.gateway.config.GatewayConfig.JwtKey;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What options owe each other, and what comes of combinations that keep to it. */
class RulesTest {

    private static final String JWKS = "https://issuer.example/keys";

    @TempDir
    Path folder;

    private String pem;
    private String plain;

    @BeforeEach
    void twoFiles() throws Exception {
        pem = Files.writeString(folder.resolve("a.pem"), "-----BEGIN PUBLIC KEY-----\n")
                .toString();
        plain = Files.writeString(folder.resolve("secret"), "correct horse battery staple")
                .toString();
    }

    @Test
    void aBrokenRuleNamesItsKeysAndWhereTheirValuesCameFrom() {
        assertThat(problems("--connection-timeout=40s"))
                .containsExactly("connection_timeout, heartbeat_interval: connection_timeout must be at least twice"
                        + " heartbeat_interval, or a live peer may look dead; now connection_timeout is 40s"
                        + " (flag --connection-timeout), heartbeat_interval is 30s (default)");
    }

    @Test
    void aRuleKeepsQuietWhileOneOfItsValuesIsNotValid() {
        assertThat(problems("--connection-timeout=1s", "--heartbeat-interval=often"))
                .singleElement()
                .asString()
                .startsWith("flag --heartbeat-interval: heartbeat_interval: 'often' is not accepted");
    }

    @ParameterizedTest
    @CsvSource({
        "--max-retry-delay=10ms, max_retry_delay must be at least",
        "--position-retention=1m, position_retention must be at least",
        "--max-event-bytes=2MiB, max_event_bytes must be at most max_body",
        "--buffer-bytes=2KiB, max_event_bytes must be at most buffer_bytes",
        "--admin-port=8080, admin_port must not be port",
        "--auth=keys, auth: keys needs keys_file",
        "--auth=jwt, auth: jwt needs either jwt_jwks or jwt_key",
        "'--redis=redis://a,redis://b', redis_mode standalone takes one address",
    })
    void valuesThatContradictEachOtherAreRefused(String flag, String said) {
        assertThat(problems(flag)).singleElement().asString().contains(said);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "::", "gateway.example", "192.168.1.4"})
    void withoutAuthenticationOnlyLoopbackIsListenedOn(String host) {
        assertThat(problems("--host", host)).singleElement().asString().contains("allow_open: true");
        assertThat(config("--host", host, "--allow-open").http().listen().loopback())
                .isFalse();
        assertThat(config("--host", host, "--auth=keys", "--keys-file", plain)
                        .http()
                        .listen()
                        .loopback())
                .isFalse();
    }

    @Test
    void whoeverOperatesBeyondLoopbackIsToldWhenTheSurfaceIsNowhere() {
        String[] open = {"--host=0.0.0.0", "--allow-open"};

        assertThat(warnings(open)).singleElement().asString().contains("served nowhere");
        assertThat(warnings(open[0], open[1], "--admin-port=9")).isEmpty();
    }

    @Test
    void keysThatNobodyAsksForAreWarnedOf() {
        assertThat(warnings("--keys-file", plain)).singleElement().asString().contains("auth is none");
        assertThat(warnings("--jwt-jwks", JWKS)).hasSize(1);
        assertThat(warnings("--jwt-key", pem)).hasSize(1);
    }

    @Test
    void tlsNeedsBothOfItsFiles() {
        assertThat(problems("--tls-cert", pem)).singleElement().asString().contains("tls_key is not given (default)");
        assertThat(config("--tls-cert", pem, "--tls-key", plain).http().tls())
                .hasValue(new GatewayConfig.Tls(Path.of(pem), Path.of(plain)));
        assertThat(warnings("--h2c", "--tls-cert", pem, "--tls-key", plain)).hasSize(1);
    }

    @Test
    void tokensAreCheckedWithAKeySetOrAKeyButNotBoth() {
        assertThat(auth("--auth=jwt", "--jwt-jwks", JWKS, "--jwt-audience=us"))
                .isEqualTo(new Auth.Jwt(new JwtKey.KeySet(URI.create(JWKS)), Optional.empty(), Optional.of("us")));
        assertThat(auth("--auth=jwt", "--jwt-key", pem, "--jwt-issuer=them"))
                .isEqualTo(new Auth.Jwt(new JwtKey.KeyFile(Path.of(pem)), Optional.of("them"), Optional.empty()));
        assertThat(problems("--auth=jwt", "--jwt-key", pem, "--jwt-jwks", JWKS)).hasSize(1);
    }

    @Test
    void theOtherNodesAreToldOneAddress() {
        assertThat(problems("--cluster-host", "0.0.0.0"))
                .singleElement()
                .asString()
                .contains("cluster_host");
        assertThat(config("--redis", "redis://10.0.0.1", "--cluster-host", "10.0.0.7")
                        .nodes()
                        .cluster())
                .hasValueSatisfying(cluster -> assertThat(cluster.host()).isEqualTo("10.0.0.7"));
    }

    @Test
    void streamsInClearHttp2AreAdvisedAgainst() {
        assertThat(warnings("--h2c")).singleElement().asString().contains("smuggled");
    }

    @Test
    void keysComeOutOfAFile() {
        assertThat(auth("--auth=keys", "--keys-file", plain)).isEqualTo(new Auth.Keys(Path.of(plain)));
        assertThat(auth()).isEqualTo(new Auth.Open());
    }

    @Test
    void redisMakesAClusterUnlessToldOtherwise() {
        GatewayConfig.Nodes nodes = config("--redis=redis://h:1", "--node-id=a").nodes();

        assertThat(nodes.id()).hasValue("a");
        assertThat(nodes.cluster()).hasValue(new GatewayConfig.Cluster("lifeline", "127.0.0.1", 0));
        assertThat(nodes.redis().orElseThrow().servers())
                .isEqualTo(new GatewayConfig.Servers(
                        List.of(new RedisUrl(URI.create("redis://h:1"))), RedisMode.STANDALONE, "mymaster"));
        assertThat(config("--redis=redis://h:1", "--no-cluster").nodes().cluster())
                .isEmpty();
    }

    @Test
    void redisIsEncryptedEverywhereOrNowhere() {
        assertThat(problems("--redis=redis://a,rediss://b", "--redis-mode=cluster"))
                .hasSize(1);
        assertThat(problems("--redis=redis://a", "--redis-ca", pem)).hasSize(1);
        assertThat(config("--redis=rediss://a,rediss://b", "--redis-mode=sentinel", "--redis-ca", pem)
                        .nodes()
                        .redis()
                        .orElseThrow()
                        .ca())
                .hasValue(Path.of(pem));
    }

    private static Auth auth(String... args) {
        return config(args).security().auth();
    }
}
