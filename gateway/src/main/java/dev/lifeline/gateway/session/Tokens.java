package dev.lifeline.gateway.session;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** Names that nobody guesses, and names that nobody else has. */
public final class Tokens {

    /** The one to be used, where nobody needs to know beforehand what it will give. */
    public static final Tokens STRONG = new Tokens(new SecureRandom());

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final int SECRET_BYTES = 18;
    private static final int BRIEF_BYTES = 6;

    private final RandomGenerator random;

    public Tokens(RandomGenerator random) {
        this.random = random;
    }

    /** A session id: 144 random bits. */
    String secret() {
        return draw(SECRET_BYTES);
    }

    /** Unique in practice within one session, and no secret. */
    public String brief() {
        return draw(BRIEF_BYTES);
    }

    private String draw(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return TEXT.encodeToString(bytes);
    }
}
