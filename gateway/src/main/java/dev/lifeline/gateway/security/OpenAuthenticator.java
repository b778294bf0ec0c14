package dev.lifeline.gateway.security;

import io.vertx.core.Future;

/** Lets everybody in under one name, whatever they bring: {@code --auth none}. */
public final class OpenAuthenticator implements Authenticator {

    private final Future<Principal> everybody;

    public OpenAuthenticator(Principal everybody) {
        this.everybody = Future.succeededFuture(everybody);
    }

    @Override
    public Future<Principal> authenticate(Credentials credentials) {
        return everybody;
    }
}
