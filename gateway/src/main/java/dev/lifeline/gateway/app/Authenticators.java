package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.JwtAuthenticator;
import dev.lifeline.gateway.security.JwtRules;
import dev.lifeline.gateway.security.KeyFile;
import dev.lifeline.gateway.security.OpenAuthenticator;
import dev.lifeline.gateway.security.Principal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the authenticator that the configuration asks for. */
final class Authenticators {

    private Authenticators() {}

    static Authenticator of(Vertx vertx, GatewayConfig.Auth auth) {
        if (auth instanceof GatewayConfig.Auth.Keys keys) {
            return KeyFile.parse(text(keys.file()));
        }
        if (auth instanceof GatewayConfig.Auth.Jwt jwt) {
            return tokens(vertx, jwt);
        }
        return new OpenAuthenticator(Principal.anonymous());
    }

    private static Authenticator tokens(Vertx vertx, GatewayConfig.Auth.Jwt jwt) {
        JwtRules rules = JwtRules.of(jwt.issuer(), jwt.audience());
        if (jwt.key() instanceof GatewayConfig.JwtKey.KeySet set) {
            return JwtAuthenticator.ofPublishedKeys(vertx, set.address(), rules);
        }
        String key = text(((GatewayConfig.JwtKey.KeyFile) jwt.key()).file());
        return key.contains("-----BEGIN")
                ? JwtAuthenticator.ofPublicKey(vertx, key, rules)
                : JwtAuthenticator.ofSecret(vertx, key.strip(), rules);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
