package dev.lifeline.gateway.security;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the claims of a token whose signature was found good: whether it counts here and now, and whose it is.
 *
 * <p>Pure. A claim of the wrong type or a rule not met is an {@link AuthenticationFailed}.
 */
final class TokenClaims {

    private static final String PUBLISH = "publish";
    private static final String SUBSCRIBE = "subscribe";

    private final JsonObject claims;

    TokenClaims(JsonObject claims) {
        this.claims = claims;
    }

    Principal principal(JwtRules rules) {
        try {
            Instant end = instant("exp").orElseThrow(AuthenticationFailed::new);
            Instant now = rules.clock().instant();
            check(now.isBefore(end.plus(rules.leeway())));
            check(instant("nbf")
                    .filter(start -> now.isBefore(start.minus(rules.leeway())))
                    .isEmpty());
            check(rules.issuer()
                    .filter(issuer -> !issuer.equals(claims.getValue("iss")))
                    .isEmpty());
            check(rules.audience()
                    .filter(audience -> !audiences().contains(audience))
                    .isEmpty());
            return Principal.named(
                    (String) claims.getValue("sub"), grant(), admin(), Optional.of(end.plus(rules.leeway())));
        } catch (ClassCastException | IllegalArgumentException | NullPointerException | ArithmeticException malformed) {
            throw new AuthenticationFailed();
        }
    }

    /** The union of what the {@code lifeline} claim and the OAuth scopes name; nothing, if they name nothing. */
    private Grant grant() {
        JsonObject own = own();
        List<String> publish = texts(own.getJsonArray(PUBLISH, new JsonArray()));
        List<String> subscribe = texts(own.getJsonArray(SUBSCRIBE, new JsonArray()));
        for (String scope : ((String) claims.getValue("scope", "")).split(" ")) {
            int colon = scope.indexOf(':');
            String verb = colon < 0 ? "" : scope.substring(0, colon);
            if (verb.equals(PUBLISH)) {
                publish.add(scope.substring(colon + 1));
            } else if (verb.equals(SUBSCRIBE)) {
                subscribe.add(scope.substring(colon + 1));
            }
        }
        return Grant.of(publish, subscribe);
    }

    private boolean admin() {
        return own().getBoolean("admin", false);
    }

    private JsonObject own() {
        return claims.getJsonObject("lifeline", new JsonObject());
    }

    private List<String> audiences() {
        Object audience = claims.getValue("aud");
        return audience instanceof String one ? List.of(one) : texts((JsonArray) audience);
    }

    private Optional<Instant> instant(String claim) {
        Number seconds = claims.getNumber(claim);
        return Optional.ofNullable(seconds).map(Number::longValue).map(Instant::ofEpochSecond);
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add((String) element));
        return texts;
    }

    private static void check(boolean met) {
        if (!met) {
            throw new AuthenticationFailed();
        }
    }
}
