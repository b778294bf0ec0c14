package dev.lifeline.gateway.security;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Knows people by signed tokens: {@code --auth jwt}.
 *
 * <p>{@code sub} is the name. What they may do stands in {@code lifeline: {publish: […], subscribe: […], admin: bool}} or in
 * OAuth scopes, {@code publish:pattern subscribe:pattern}; a token that says nothing of channels may touch none. A token
 * without an end is not accepted.
 */
public final class JwtAuthenticator implements Authenticator {

    private final KeySource source;
    private final JwtRules rules;

    JwtAuthenticator(KeySource source, JwtRules rules) {
        this.source = source;
        this.rules = rules;
    }

    /** Tokens signed with the private half of this PEM public key or certificate. */
    public static JwtAuthenticator ofPublicKey(Vertx vertx, String pem, JwtRules rules) {
        return new JwtAuthenticator(KeySource.fixed(new TokenKeys(vertx, TokenKeyFormats.pem(pem))), rules);
    }

    /** Tokens signed with this secret, which everybody who can check one can also use to make one. */
    public static JwtAuthenticator ofSecret(Vertx vertx, String secret, JwtRules rules) {
        return new JwtAuthenticator(KeySource.fixed(new TokenKeys(vertx, TokenKeyFormats.secret(secret))), rules);
    }

    /** Tokens signed with one of the keys the issuer publishes there. */
    public static JwtAuthenticator ofPublishedKeys(Vertx vertx, URI jwks, JwtRules rules) {
        return new JwtAuthenticator(new PublishedKeys(new JwksFetch(vertx, jwks), rules.clock()), rules);
    }

    @Override
    public Future<Principal> authenticate(Credentials credentials) {
        return credentials
                .bearer()
                .map(this::claims)
                .orElseGet(() -> Future.failedFuture(new AuthenticationFailed()))
                .map(claims -> new TokenClaims(claims).principal(rules))
                .recover(anyReason -> Future.failedFuture(new AuthenticationFailed()));
    }

    private Future<JsonObject> claims(String token) {
        Optional<JsonObject> header = header(token);
        if (header.isEmpty()) {
            return Future.failedFuture(new AuthenticationFailed());
        }
        String id = header.get().getString("kid");
        return source.keys()
                .compose(keys -> keys.verify(token)
                        .recover(notSigned -> id == null || keys.has(id)
                                ? Future.failedFuture(notSigned)
                                : source.newerKeys().compose(newer -> newer.verify(token))));
    }

    // A token may list extensions without which it must not be understood; we know none.
    private static Optional<JsonObject> header(String token) {
        try {
            String first = token.substring(0, Math.max(0, token.indexOf('.')));
            byte[] json = Base64.getUrlDecoder().decode(first);
            JsonObject header = new JsonObject(new String(json, StandardCharsets.UTF_8));
            boolean plain = !header.containsKey("crit")
                    && (header.getValue("kid") == null || header.getValue("kid") instanceof String);
            return plain ? Optional.of(header) : Optional.empty();
        } catch (RuntimeException noHeader) {
            return Optional.empty();
        }
    }
}
