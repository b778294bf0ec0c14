package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What patterns, grants and principals allow. How somebody becomes a principal is tested with the authenticators. */
class PermissionTest {

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "orders, orders, true",
        "orders, orders/eu, false",
        "orders/*, orders/eu, true",
        "orders/*, orders/, true",
        "orders/*, orders, false",
        "*, anything, true",
        "Orders, orders, false"
    })
    void aPatternIsAnExactNameAPrefixOrEverything(String pattern, String channel, boolean matches) {
        assertThat(new ChannelPattern(pattern).matches(channel)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a*b", "*a", "**", "a**"})
    void whatWouldSilentlyMatchNothingIsNoPattern(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPattern(text));
    }

    @Test
    void publishingAndSubscribingAreGrantedApart() {
        Grant grant = Grant.of(List.of("in"), List.of("out/*"));

        assertThat(grant.mayPublish("in")).isTrue();
        assertThat(grant.maySubscribe("in")).isFalse();
        assertThat(grant.maySubscribe("out/1")).isTrue();
        assertThat(Grant.NOTHING.maySubscribe("out/1")).isFalse();
    }

    @Test
    void everybodyMayUseEveryChannelButNotTheOperationsRoutes() {
        Principal everybody = Principal.anonymous();

        assertThat(everybody.mayPublish("a") && everybody.maySubscribe("b")).isTrue();
        assertThat(everybody.admin()).isFalse();
        assertThat(everybody.isAnonymous()).isTrue();
        assertThat(Principal.anonymous(true).admin()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "anonymous", "two\nlines"})
    void aNameIsFitForALogLineAndNotNobodys(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Principal.named(name, Grant.NOTHING, false, Optional.empty()));
    }

    @Test
    void aNameHasABound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Principal.named("n".repeat(257), Grant.NOTHING, false, Optional.empty()));
    }

    @Test
    void aPrincipalEndsAtItsInstantAndOneWithoutNever() {
        Instant end = Instant.parse("2026-11-21T12:00:00Z");
        Principal mortal = Principal.named("ann", Grant.NOTHING, false, Optional.of(end));

        assertThat(mortal.isExpired(end.minusMillis(1))).isFalse();
        assertThat(mortal.isExpired(end)).isTrue();
        assertThat(Principal.anonymous().isExpired(Instant.MAX)).isFalse();
    }

    @Test
    void credentialsAreNeverPrinted() {
        assertThat(Credentials.bearer("s3cret").toString()).isEqualTo("Credentials[bearer]");
        assertThat(Credentials.none().toString()).isEqualTo("Credentials[none]");
    }

    @Test
    void anOpenGatewayKnowsEverybodyByOneName() {
        Authenticator open = new OpenAuthenticator(Principal.anonymous());

        assertThat(open.authenticate(Credentials.none()).result()).isEqualTo(Principal.anonymous());
        assertThat(open.authenticate(Credentials.bearer("whatever")).result()).isEqualTo(Principal.anonymous());
    }
}
