package dev.lifeline.gateway.security;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Knows people by long-lived bearer keys: {@code --auth keys}. Holds digests only, so that a heap dump gives no key away.
 *
 * <p>Where the keys come from is the {@link KeyFile}'s business. Immutable, for every thread.
 */
public final class KeyAuthenticator implements Authenticator {

    private final List<KnownKey> keys;

    public KeyAuthenticator(List<KnownKey> keys) {
        this.keys = List.copyOf(keys);
    }

    @Override
    public Future<Principal> authenticate(Credentials credentials) {
        return credentials
                .bearer()
                .map(KeyAuthenticator::digest)
                .map(this::owner)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new AuthenticationFailed()));
    }

    // Looks at every key, found or not, so that the time taken says nothing about how far a guess got.
    private Principal owner(byte[] digest) {
        Principal owner = null;
        for (KnownKey key : keys) {
            owner = MessageDigest.isEqual(digest, key.digest()) ? key.principal() : owner;
        }
        return owner;
    }

    static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    /**
     * One key and whose it is; an identity, not a value, because arrays are none.
     *
     * @param digest SHA-256 of the key's UTF-8 bytes
     * @param principal who brings it
     */
    public record KnownKey(byte[] digest, Principal principal) {

        @Override
        public String toString() {
            return "KnownKey[" + principal.name() + "]";
        }
    }
}
