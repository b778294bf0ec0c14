package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.Principal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Stands before the operations routes and lets the admin token pass, or a principal that is an admin.
 *
 * <p>Whether they need a guard at all is decided where the port is bound.
 */
public final class AdminGuard implements Handler<RoutingContext> {

    private final Optional<String> token;
    private final Authenticator authenticator;

    public AdminGuard(Optional<String> token, Authenticator authenticator) {
        this.token = token;
        this.authenticator = authenticator;
    }

    @Override
    public void handle(RoutingContext context) {
        Optional<String> bearer = Authentication.credentials(context).bearer();
        if (bearer.filter(this::isToken).isPresent()) {
            context.next();
        } else {
            Future<Principal> principal = authenticator.authenticate(Authentication.credentials(context));
            principal.onComplete(answer -> {
                if (answer.succeeded() && answer.result().admin()) {
                    context.next();
                } else if (answer.succeeded() && bearer.isPresent()) {
                    context.fail(Problem.forbidden("This needs the admin token or an admin."));
                } else {
                    context.fail(Authentication.refusal(bearer.isPresent()));
                }
            });
        }
    }

    private boolean isToken(String bearer) {
        return token.filter(t -> MessageDigest.isEqual(bytes(t), bytes(bearer))).isPresent();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
