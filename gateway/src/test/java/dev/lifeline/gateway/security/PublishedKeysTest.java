package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that an issuer publishes and changes, from a real server. What tokens may say: JwtAuthenticatorTest. */
class PublishedKeysTest {

    private static final Issuer OLD = Issuer.rsa("old");
    private static final Issuer NEW = Issuer.rsa("new");

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock();
    private final JwtRules rules = new JwtRules(Optional.empty(), Optional.empty(), Duration.ZERO, clock);
    private final AtomicInteger fetches = new AtomicInteger();

    private volatile int status = 200;
    private volatile Buffer published = set(OLD.jwk());
    private HttpServer server;
    private JwtAuthenticator jwt;

    @BeforeEach
    void publish() throws Exception {
        server = get(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    request.response().setStatusCode(status).end(published);
                })
                .listen(0, "127.0.0.1"));
        jwt = JwtAuthenticator.ofPublishedKeys(
                vertx, URI.create("http://127.0.0.1:" + server.actualPort() + "/"), rules);
    }

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    @Test
    void keysAreFetchedOnceForManyTokens() throws Exception {
        assertThat(get(enter(OLD)).name()).isEqualTo("ann");
        assertThat(get(enter(OLD)).name()).isEqualTo("ann");

        assertThat(fetches).hasValue(1);
    }

    @Test
    void aNewKeyIsFoundAsSoonAsATokenNamesIt() throws Exception {
        get(enter(OLD));
        published = set(OLD.jwk(), NEW.jwk());
        clock.pass(PublishedKeys.SOONEST);

        assertThat(get(enter(NEW)).name()).isEqualTo("ann");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void madeUpKeyIdsDoNotReachTheIssuerEachTime() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertRefused(enter(NEW));
        }

        assertThat(fetches).hasValue(1);
    }

    @Test
    void aForgedTokenWithAKnownKeyIdIsNoReasonToAsk() throws Exception {
        get(enter(OLD));
        clock.pass(PublishedKeys.SOONEST);
        String forged = NEW.sign(NEW.header("RS256").put("kid", "old"), claims());

        assertRefused(jwt.authenticate(Credentials.bearer(forged)));
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aWithdrawnKeyStopsCountingWhenTheKeysAreOld() throws Exception {
        get(enter(OLD));
        published = set(NEW.jwk());
        clock.pass(PublishedKeys.FRESH);

        assertRefused(enter(OLD));
        assertThat(get(enter(NEW)).name()).isEqualTo("ann");
    }

    @Test
    void anIssuerThatCannotBeAskedIsNotEverybodysOutageForADay() throws Exception {
        get(enter(OLD));
        status = 503;
        clock.pass(PublishedKeys.FRESH);

        assertThat(get(enter(OLD)).name()).isEqualTo("ann");

        clock.pass(PublishedKeys.LAST_RESORT);
        assertRefused(enter(OLD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"keys\": 7}",
                "{\"keys\": [7, {\"kty\": \"oct\", \"k\": \"AAAA\"}, {}]}"
            })
    void whatIsNoSetOfPublicKeysLetsNobodyIn(String body) throws Exception {
        published = Buffer.buffer(body);

        assertRefused(enter(OLD));
    }

    @Test
    void aSetWithoutEndIsNotReadToIt() throws Exception {
        published = Buffer.buffer(" ".repeat(2 << 20));

        assertRefused(enter(OLD));
    }

    @Test
    void aKeyForAnotherUseOrAlgorithmChecksNothing() throws Exception {
        published = set(OLD.jwk().put("use", "enc"), NEW.jwk().put("alg", "RS512"));

        assertRefused(enter(OLD));
        assertRefused(enter(NEW));
    }

    @Test
    void whoAsksDuringAFetchWaitsForItAndIsAnsweredOnTheirOwnEventLoop() throws Exception {
        Promise<TokenKeys> fetch = Promise.promise();
        PublishedKeys keys = new PublishedKeys(
                () -> {
                    fetches.incrementAndGet();
                    return fetch.future();
                },
                clock);
        CompletableFuture<Context> answeredOn = new CompletableFuture<>();
        Context own = vertx.getOrCreateContext();

        Future<TokenKeys> first = keys.keys();
        own.runOnContext(asked -> {
            keys.keys().onComplete(answer -> answeredOn.complete(Vertx.currentContext()));
            fetch.complete(new TokenKeys(vertx, List.of()));
        });

        get(first);
        assertThat(answeredOn.get(10, TimeUnit.SECONDS)).isSameAs(own);
        assertThat(fetches).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://issuer.example/keys", "file:///keys", "ftp://localhost/keys"})
    void keysTravelUnderTlsOrNotAtAll(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwtAuthenticator.ofPublishedKeys(vertx, URI.create(url), rules));
    }

    private Future<Principal> enter(Issuer issuer) {
        return jwt.authenticate(Credentials.bearer(issuer.token(claims())));
    }

    private JsonObject claims() {
        return new JsonObject().put("sub", "ann").put("exp", clock.instant().getEpochSecond() + 1_000_000);
    }

    private static Buffer set(JsonObject... keys) {
        return new JsonObject().put("keys", new JsonArray(List.of(keys))).toBuffer();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void assertRefused(Future<Principal> entry) {
        assertThat(entry.toCompletionStage().toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseExactlyInstanceOf(AuthenticationFailed.class);
    }
}
