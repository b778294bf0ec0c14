package dev.lifeline.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who named a session of another principal. He is told that there is none; an operator wants to know, because
 * ids are not guessed. So many lines a second at most: how many were left out stands in the next.
 */
final class Trespasses {

    private static final Logger LOG = LoggerFactory.getLogger(Trespasses.class);
    private static final int MOST_A_SECOND = 10;
    private static final int DIGEST_BYTES = 5;

    // Guarded by this.
    private long since;
    private int lines;
    private long leftOut;

    void note(Caller caller, Session session, long now) {
        long missing = admit(now);
        if (missing >= 0) {
            LOG.atWarn()
                    .addKeyValue("principal", caller.principal())
                    .addKeyValue("owner", session.owner().principal())
                    .addKeyValue("session", brief(session.id()))
                    .addKeyValue("left_out", missing)
                    .log("a session of another principal was asked for, and refused as unknown");
        }
    }

    /** How many were left out before this one, or -1 for one to leave out. */
    synchronized long admit(long now) {
        if (lines == 0 || now - since >= TimeUnit.SECONDS.toNanos(1)) {
            since = now;
            lines = 0;
        }
        if (lines == MOST_A_SECOND) {
            leftOut++;
            return -1;
        }
        lines++;
        long missing = leftOut;
        leftOut = 0;
        return missing;
    }

    /** What the operators' pages call it: the id itself is what a client proves itself with. */
    private static String brief(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
