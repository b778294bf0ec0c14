package dev.lifeline.gateway.security;

import io.vertx.core.Future;

/** Where the keys to check tokens with come from. */
interface KeySource {

    /** The keys of now; fails if there are none to be had. */
    Future<TokenKeys> keys();

    /**
     * Keys that may be newer than those just tried, because a token names one they lack. The same ones where there is
     * nothing newer or it is too soon to ask.
     */
    Future<TokenKeys> newerKeys();

    /** Keys that never change. */
    static KeySource fixed(TokenKeys keys) {
        return new KeySource() {
            @Override
            public Future<TokenKeys> keys() {
                return Future.succeededFuture(keys);
            }

            @Override
            public Future<TokenKeys> newerKeys() {
                return keys();
            }
        };
    }
}
