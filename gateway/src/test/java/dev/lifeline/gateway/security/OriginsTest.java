package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may call, under which names, and what their browsers are told. On the wire: RequestGuardTest, CorsTest. */
class OriginsTest {

    private static final Optional<String> NO_PAGE = Optional.empty();
    private static final Optional<String> APP = Optional.of("https://app.example");

    private final Origins byDefault = Origins.byDefault("192.0.2.7", false);

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "https://localhost:5173", "http://127.0.0.1:80", "http://[::1]:3000"})
    void pagesOfThisMachineMayCallByDefault(String origin) {
        assertThat(byDefault.allowsOrigin(Optional.of(origin))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "http://localhost.evil.example",
                "http://evil.example:localhost",
                "http://localhost:80@evil.example",
                "http://127.0.0.1.evil.example",
                "file://localhost",
                "http://localhost/",
                "http://localhost\nhttp://localhost"
            })
    void otherPagesMayNot(String origin) {
        assertThat(byDefault.allowsOrigin(Optional.of(origin))).isFalse();
    }

    @Test
    void whatComesFromNoPageMayCall() {
        assertThat(byDefault.allowsOrigin(NO_PAGE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "127.0.0.1:8080",
                "127.8.8.8",
                "[::1]",
                "[::1]:8080",
                "192.0.2.7:1"
            })
    void theGatewayAnswersToItsOwnNames(String host) {
        assertThat(byDefault.allowsHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "localhost:80:80",
                "user@localhost",
                "",
                "192.0.2.8",
                "[::2]"
            })
    void andToNoOther(String host) {
        assertThat(byDefault.allowsHost(host)).isFalse();
    }

    @Test
    void anAddressOfTheNewKindIsBoundWithoutBracketsAndCalledWithThem() {
        assertThat(Origins.byDefault("2001:db8::1", false).allowsHost("[2001:db8::1]:8080"))
                .isTrue();
    }

    @Test
    void aListReplacesTheDefault() {
        Origins listed = new Origins(List.of("https://App.example"), List.of("gateway.example"), false);

        assertThat(listed.allowsOrigin(APP)).isTrue();
        assertThat(listed.allowsOrigin(Optional.of("http://localhost"))).isFalse();
        assertThat(listed.allowsHost("gateway.example:443")).isTrue();
        assertThat(listed.allowsHost("localhost")).isFalse();
    }

    @Test
    void aListCanOpenEverything() {
        Origins open = new Origins(List.of("*"), List.of("*"), false);

        assertThat(open.allowsOrigin(Optional.of("null"))).isTrue();
        assertThat(open.allowsHost("anything.example")).isTrue();
        assertThat(open.allowsHost("not a host")).isFalse();
    }

    @Test
    void everyPageMayReadAnAnswerThatDependsOnNobody() {
        Origins open = new Origins(List.of("*"), List.of("*"), false);

        assertThat(open.responseHeaders(APP)).isEqualTo(Map.of("Access-Control-Allow-Origin", "*"));
        assertThat(byDefault.responseHeaders(NO_PAGE)).containsEntry("Access-Control-Allow-Origin", "*");
    }

    @Test
    void aListedPageIsNamedBackAndCachesAreTold() {
        Origins listed = new Origins(List.of("https://app.example"), List.of("*"), false);

        assertThat(listed.responseHeaders(APP))
                .isEqualTo(Map.of("Access-Control-Allow-Origin", "https://app.example", "Vary", "Origin"));
        assertThat(listed.responseHeaders(Optional.of("https://evil.example"))).isEqualTo(Map.of("Vary", "Origin"));
    }

    @Test
    void withCredentialsNoAnswerIsForEverybody() {
        Origins open = new Origins(List.of("*"), List.of("*"), true);

        assertThat(open.responseHeaders(APP)).containsEntry("Access-Control-Allow-Origin", "https://app.example");
        assertThat(open.responseHeaders(NO_PAGE)).isEqualTo(Map.of("Vary", "Origin"));
    }

    @Test
    void boundToEveryAddressItIsCalledByAnyAddressButNoName() {
        Origins rules = Origins.of(List.of(Origins.LOOPBACK), "0.0.0.0", false);

        assertThat(rules.allowsHost("10.1.2.3:8080")).isTrue();
        assertThat(rules.allowsHost("[2001:db8::1]:8080")).isTrue();
        assertThat(rules.allowsHost("localhost:8080")).isTrue();
        assertThat(rules.allowsHost("rebound.example:8080")).isFalse();
    }
}
