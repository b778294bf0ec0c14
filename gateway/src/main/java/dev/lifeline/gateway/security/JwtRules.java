package dev.lifeline.gateway.security;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What a token must say beside carrying a good signature. That it ends some day is not optional.
 *
 * @param issuer what {@code iss} must be; empty = anything
 * @param audience what {@code aud} must contain; empty = anything, which accepts tokens meant for others
 * @param leeway how far the clocks of issuer and gateway may differ
 * @param clock the gateway's
 */
public record JwtRules(Optional<String> issuer, Optional<String> audience, Duration leeway, Clock clock) {

    /** More than clocks drift, less than anybody would call a grace period. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);

    public static JwtRules of(Optional<String> issuer, Optional<String> audience) {
        return new JwtRules(issuer, audience, DEFAULT_LEEWAY, Clock.systemUTC());
    }
}
