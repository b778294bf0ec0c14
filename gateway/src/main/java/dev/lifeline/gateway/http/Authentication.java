package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.Credentials;
import dev.lifeline.gateway.security.Principal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Asks who is asking, on every route that must know. The answer travels with the request: {@link #principal}.
 *
 * <p>What the principal may do is the route's own question. Expects a {@link RequestGuard} before it, which holds the
 * body back while the answer is not there yet.
 */
public final class Authentication implements Handler<RoutingContext> {

    private static final String PRINCIPAL = Principal.class.getName();
    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"lifeline\"";

    private final Authenticator authenticator;

    public Authentication(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** Who sent the request; asking on a route without authentication is a defect. */
    public static Principal principal(RoutingContext context) {
        Principal principal = context.get(PRINCIPAL);
        if (principal == null) {
            throw new IllegalStateException("no authentication on the route " + context.currentRoute());
        }
        return principal;
    }

    @Override
    public void handle(RoutingContext context) {
        Credentials credentials = credentials(context);
        authenticator.authenticate(credentials).onComplete(answer -> {
            if (answer.succeeded()) {
                context.put(PRINCIPAL, answer.result()).next();
            } else {
                context.fail(refusal(credentials.bearer().isPresent()));
            }
        });
    }

    /** A challenge; it tells a token that was not accepted from none at all, as RFC 6750 wants, and no more. */
    static Problem refusal(boolean tokenBrought) {
        return Problem.unauthorized(tokenBrought ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
    }

    static Credentials credentials(RoutingContext context) {
        return bearer(context.request().headers().getAll(HttpHeaders.AUTHORIZATION))
                .map(Credentials::bearer)
                .orElse(Credentials.none());
    }

    // Two of them are none: a proxy and we might read different ones.
    private static Optional<String> bearer(List<String> headers) {
        if (headers.size() != 1 || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String token = headers.get(0).substring(SCHEME.length()).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
