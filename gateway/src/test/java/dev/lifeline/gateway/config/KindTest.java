package dev.lifeline.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a text becomes a value, whichever source it came from. */
class KindTest {

    @ParameterizedTest
    @CsvSource({"250ms, 250", "30s, 30000", "5m, 300000", "2h, 7200000", "1d, 86400000", "0, 0", "' 1s ', 1000"})
    void durationsHaveAUnit(String text, long millis) {
        assertThat(Kind.duration("0s", "24h").read(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "-1s", "1.5s", "s", "1 s", "25h", "5parsecs", "1S", "999999999999999999d"})
    void whatIsNoDurationOfTheRangeIsRefused(String text) {
        assertThat(Kind.duration("0s", "24h").read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"65536, 65536", "10B, 10", "512KiB, 524288", "4MiB, 4194304", "1GiB, 1073741824"})
    void sizesAreBytesOrPowersOfTwo(String text, int bytes) {
        assertThat(Kind.size("1", "1GiB").read(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4MB", "2GiB", "1kib", "-1", "99999999999999999999"})
    void whatIsNoSizeOfTheRangeIsRefused(String text) {
        assertThat(Kind.size("1", "1GiB").read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "x", "1e1", "", "99999999999"})
    void countsKeepTheirRange(String text) {
        assertThat(Kind.count("things", 1, 10).read(text)).isEmpty();
        assertThat(Kind.count("things", 1, 10).expected()).isEqualTo("a whole number of things from 1 to 10");
    }

    @Test
    void aChoiceIsWrittenAsItPrints() {
        assertThat(Kind.choice(RedisMode.class).read("sentinel")).hasValue(RedisMode.SENTINEL);
        assertThat(Kind.choice(RedisMode.class).read("auto")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::1", "[::1]", "fe80::1%eth0", "node-1.example"})
    void aHostIsANameOrAnAddress(String text) {
        assertThat(Kinds.HOST.read(text)).hasValue(text.replaceAll("[\\[\\]]", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:8080", "http://x", "a b", "a/b", "[::1]:80"})
    void aHostHasNoPortAndNoScheme(String text) {
        assertThat(Kinds.HOST.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://App.example", "http://localhost:3000", "vscode-webview://abc", "*"})
    void anOriginIsASchemeAndAHost(String text) {
        assertThat(Kinds.ORIGIN.read(text)).hasValue(text.toLowerCase());
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "https://a/", "https://a/b", "https://u@a", "null", "https://"})
    void anOriginHasNoPath(String text) {
        assertThat(Kinds.ORIGIN.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://issuer.example/keys", "ftp://localhost/x", "https:", "not a uri", "/keys"})
    void keysAreNotFetchedInTheClear(String text) {
        assertThat(Kinds.WEB_ADDRESS.read(text)).isEmpty();
        assertThat(Kinds.WEB_ADDRESS.read("http://localhost:1/keys")).isPresent();
        assertThat(Kinds.WEB_ADDRESS.read("https://issuer.example/keys")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://h", "redis:", "redis://:p#w@", "redis://h:port", "unix:///s"})
    void aRedisAddressIsARedisUrl(String text) {
        assertThat(Kinds.REDIS.read(text)).isEmpty();
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        assertThat(Kinds.FILE.read("nul\0")).isEmpty();
        assertThat(Kinds.FILE.read("")).isEmpty();
        assertThat(Kinds.FILE.read(".")).isEmpty();
        assertThat(Kinds.FILE.read("pom.xml")).hasValue(Path.of("pom.xml"));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "127.0.0.1, true",
        "127.9.9.9, true",
        "::1, true",
        "[::1], true",
        "LOCALHOST, true",
        "0.0.0.0, false",
        "::, false",
        "127.evil.example, false",
        "192.168.0.1, false",
        "a:b:c:not:an:address, false"
    })
    void onlyThisMachineIsLoopback(String host, boolean loopback) {
        assertThat(Loopback.names(host)).isEqualTo(loopback);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hearbeat_interval", "heartbeatInterval", "haertbeat_interval", "--heartbeat-intervals"})
    void namesThatAreNearAreProposed(String typed) {
        assertThat(Spelling.nearest(typed, Options.spellings(Option::key))).hasValue("heartbeat_interval");
    }

    @Test
    void namesThatAreFarAreNotProposed() {
        assertThat(Spelling.nearest("completely_different", Options.spellings(Option::key)))
                .isEmpty();
        assertThat(Spelling.nearest("", Options.spellings(Option::key))).isEmpty();
    }
}
