package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are believed and what they allow, with keys that do not change. Keys that do: PublishedKeysTest. */
class JwtAuthenticatorTest {

    private static final String SECRET = "a secret of more than thirty-two bytes";
    private static final Issuer ISSUER = Issuer.rsa(null);

    private static Vertx vertx;

    private final ManualClock clock = new ManualClock();
    private final JwtRules rules =
            new JwtRules(Optional.of("https://issuer.example"), Optional.of("lifeline"), Duration.ofSeconds(30), clock);
    private final JwtAuthenticator jwt = JwtAuthenticator.ofPublicKey(vertx, ISSUER.pem(), rules);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aGoodTokenNamesItsOwnerAndItsEnd() {
        Principal ann = accepted(jwt, ISSUER.token(claims()));

        assertThat(ann.name()).isEqualTo("ann");
        assertThat(ann.admin()).isFalse();
        assertThat(ann.expiresAt()).contains(clock.instant().plusSeconds(60 + 30));
    }

    @Test
    void aTokenThatSaysNothingOfChannelsMayTouchNone() {
        Principal ann = accepted(jwt, ISSUER.token(claims().put("scope", "openid profile")));

        assertThat(ann.grant()).isEqualTo(Grant.NOTHING);
    }

    @Test
    void channelsAreNamedByOurClaimAndByScopes() {
        JsonObject own = new JsonObject()
                .put("publish", new JsonArray().add("orders/*"))
                .put("subscribe", new JsonArray().add("news"))
                .put("admin", true);
        Principal ann = accepted(
                jwt, ISSUER.token(claims().put("lifeline", own).put("scope", "email publish:logs subscribe:a:b")));

        assertThat(ann.grant()).isEqualTo(Grant.of(List.of("orders/*", "logs"), List.of("news", "a:b")));
        assertThat(ann.admin()).isTrue();
    }

    @Test
    void clocksMayDifferALittle() {
        String token = ISSUER.token(claims().put("nbf", seconds(29)));
        clock.pass(Duration.ofSeconds(89));

        assertThat(accepted(jwt, token).name()).isEqualTo("ann");
    }

    @Test
    void oneOfManyAudiencesIsEnough() {
        String token =
                ISSUER.token(claims().put("aud", new JsonArray().add("other").add("lifeline")));

        assertThat(accepted(jwt, token).name()).isEqualTo("ann");
    }

    static Stream<Issuer> kindsOfKeys() {
        return Stream.of(Issuer.rsa("with an id"), Issuer.ec(256), Issuer.ec(384), Issuer.ec(521), Issuer.ed25519());
    }

    @ParameterizedTest
    @MethodSource("kindsOfKeys")
    void everyUsualKindOfKeyWill(Issuer issuer) {
        JwtAuthenticator own = JwtAuthenticator.ofPublicKey(vertx, issuer.pem(), rules);

        assertThat(accepted(own, issuer.token(claims())).name()).isEqualTo("ann");
        assertRefused(own, ISSUER.token(claims()));
    }

    @Test
    void aSharedSecretWill() {
        JwtAuthenticator own = JwtAuthenticator.ofSecret(vertx, SECRET, rules);

        assertThat(accepted(own, Issuer.hmac(bytes(SECRET), claims())).name()).isEqualTo("ann");
        assertRefused(own, Issuer.hmac(bytes(SECRET + "!"), claims()));
    }

    static Stream<JsonObject> claimsOfTheWrongKind() {
        return Stream.of(
                change("exp", null),
                change("exp", seconds(-30)),
                change("exp", "tomorrow"),
                change("exp", Double.MAX_VALUE),
                change("nbf", seconds(31)),
                change("iss", "https://evil.example"),
                change("iss", null),
                change("aud", "another service"),
                change("aud", null),
                change("sub", null),
                change("sub", 7),
                change("sub", "anonymous"),
                change("sub", "two\nlines"),
                change("scope", "publish:a*b"),
                change("scope", "publish:"),
                change("lifeline", "everything"),
                change("lifeline", new JsonObject().put("admin", "yes")),
                change("lifeline", new JsonObject().put("publish", "*")),
                change("lifeline", new JsonObject().put("publish", new JsonArray().add(1))));
    }

    @ParameterizedTest
    @MethodSource("claimsOfTheWrongKind")
    void aWellSignedTokenThatIsNotForUsNowIsRefused(JsonObject claims) {
        assertRefused(jwt, ISSUER.token(claims));
    }

    @Test
    void anUnsignedTokenIsRefusedInEveryDisguise() {
        String unsigned = Issuer.unsigned(claims());
        JwtAuthenticator noKey = new JwtAuthenticator(KeySource.fixed(new TokenKeys(vertx, List.of())), rules);
        JsonObject broken = new JsonObject()
                .put("kty", "RSA")
                .put("alg", "RS256")
                .put("n", "!")
                .put("e", "!");
        JwtAuthenticator noUsableKey =
                new JwtAuthenticator(KeySource.fixed(new TokenKeys(vertx, List.of(broken))), rules);

        for (JwtAuthenticator authenticator : List.of(jwt, noKey, noUsableKey)) {
            Stream.of(unsigned, unsigned + ".", unsigned + "..", unsigned + ".AAAA")
                    .forEach(token -> assertRefused(authenticator, token));
        }
    }

    @Test
    void aPublicKeyIsNoSecret() {
        assertRefused(jwt, Issuer.hmac(bytes(ISSUER.pem()), claims()));
    }

    @Test
    void theTokenDoesNotChooseItsAlgorithm() {
        assertRefused(jwt, ISSUER.sign(ISSUER.header("RS512"), claims()));
        assertRefused(jwt, ISSUER.sign(ISSUER.header("HS256"), claims()));
        assertRefused(jwt, ISSUER.sign(new JsonObject(), claims()));
    }

    @Test
    void aTokenWithExtensionsThatMustBeUnderstoodIsNotUnderstood() {
        JsonObject header = ISSUER.header("RS256").put("crit", new JsonArray().add("b64"));

        assertRefused(jwt, ISSUER.sign(header, claims()));
        assertRefused(jwt, ISSUER.sign(ISSUER.header("RS256").put("kid", 7), claims()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "abc", "a.b.c", "e30.e30.e30", "Z.Z.Z", "ж.ж.ж"})
    void whatIsNoTokenIsRefused(String text) {
        assertRefused(jwt, text);
    }

    @Test
    void withoutATokenNobodyComesIn() {
        assertThat(jwt.authenticate(Credentials.none()).cause()).isInstanceOf(AuthenticationFailed.class);
    }

    @Test
    void aKeyThatCannotBeReadIsSaidAtTheStart() {
        String noKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";

        assertThatIllegalArgumentException().isThrownBy(() -> JwtAuthenticator.ofPublicKey(vertx, noKey, rules));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwtAuthenticator.ofPublicKey(
                        vertx, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", rules));
        assertThatIllegalArgumentException().isThrownBy(() -> JwtAuthenticator.ofSecret(vertx, "too short", rules));
    }

    @Test
    void withoutRulesAnyIssuerAndAudienceWill() {
        JwtAuthenticator lax =
                JwtAuthenticator.ofSecret(vertx, SECRET, JwtRules.of(Optional.empty(), Optional.empty()));
        JsonObject claims = new JsonObject().put("sub", "ann").put("exp", 32503680000L);

        assertThat(accepted(lax, Issuer.hmac(bytes(SECRET), claims)).name()).isEqualTo("ann");
    }

    private static JsonObject claims() {
        return new JsonObject()
                .put("sub", "ann")
                .put("iss", "https://issuer.example")
                .put("aud", "lifeline")
                .put("exp", seconds(60));
    }

    private static JsonObject change(String claim, Object value) {
        JsonObject claims = claims();
        claims.remove(claim);
        return value == null ? claims : claims.put(claim, value);
    }

    private static long seconds(long fromNow) {
        return new ManualClock().instant().getEpochSecond() + fromNow;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Principal accepted(JwtAuthenticator authenticator, String token) {
        try {
            return authenticator
                    .authenticate(Credentials.bearer(token))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not accepted", e);
        }
    }

    private static void assertRefused(JwtAuthenticator authenticator, String token) {
        assertThat(authenticator
                        .authenticate(Credentials.bearer(token))
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseExactlyInstanceOf(AuthenticationFailed.class);
    }
}
