package dev.lifeline.gateway.security;

import io.vertx.core.Future;

/**
 * Finds out who is asking. Called on an event loop: an implementation never blocks.
 *
 * <p>Says who, never whether: what a principal may do is read from it by the route it asks for.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Succeeds with the principal whose credentials these are and whose time is not over; fails with
     * {@link AuthenticationFailed} and nothing else, whatever the reason. Completes on the context it was asked on.
     */
    Future<Principal> authenticate(Credentials credentials);
}
