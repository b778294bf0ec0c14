package dev.lifeline.gateway.redis;

/** Redis cannot be asked, or did not answer. Thrown by the thousand when it happens, so without a stack trace. */
public final class RedisAway extends RuntimeException {

    RedisAway(String message) {
        super(message, null, false, false);
    }
}
