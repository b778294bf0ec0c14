package dev.lifeline.gateway.security;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys tokens may be signed with at one time, each good for the algorithms of its kind and no other. Immutable.
 *
 * <p>Vert.x Auth JWT checks the signature: it looks keys up by the algorithm they were entered with, so a public key can
 * never be taken for an HMAC secret. It is not asked about time, issuer or audience, because it takes a token without
 * an end for an endless one; {@link TokenClaims} asks.
 */
final class TokenKeys {

    private static final Pattern SIGNED = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final List<JsonObject> keys;
    private final Set<String> ids;
    private final JWTAuth signatures;

    /** Keys as {@link TokenKeyFormats} leaves them. */
    TokenKeys(Vertx vertx, List<JsonObject> keys) {
        this.keys = keys;
        this.ids = keys.stream()
                .map(k -> k.getString("kid"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        JWTOptions signatureOnly = new JWTOptions().setIgnoreExpiration(true);
        JWTAuthOptions options = new JWTAuthOptions().setJWTOptions(signatureOnly);
        keys.forEach(options::addJwk);
        this.signatures = JWTAuth.create(vertx, options);
    }

    /** Whether a key of this id is here; a token that names none may be anybody's. */
    boolean has(String id) {
        return ids.contains(id);
    }

    /** The claims of a token signed with one of the keys. */
    Future<JsonObject> verify(String token) {
        // Without a key it can use, Vert.x Auth is in what it calls unsecure mode, and believes unsigned tokens.
        return keys.isEmpty() || !SIGNED.matcher(token).matches()
                ? Future.failedFuture(new AuthenticationFailed())
                : signatures
                        .authenticate(new TokenCredentials(token))
                        .map(user -> user.attributes().getJsonObject("accessToken"));
    }
}
