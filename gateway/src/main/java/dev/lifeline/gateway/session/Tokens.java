package dev.lifeline.gateway.session;

import java.security.SecureRandom;
import java.util.Base64;

/** Names that nobody guesses, and names that nobody else has. */
public final class Tokens {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final int SECRET_BYTES = 18;
    private static final int BRIEF_BYTES = 6;

    private Tokens() {}

    /** A session id: 144 random bits. */
    static String secret() {
        return random(SECRET_BYTES);
    }

    /** Unique in practice within one session, and no secret. */
    public static String brief() {
        return random(BRIEF_BYTES);
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return TEXT.encodeToString(bytes);
    }
}
