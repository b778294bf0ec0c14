package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.stream.Framing;
import dev.lifeline.gateway.stream.Start;
import io.vertx.core.Future;

/** One GET that wants to listen: what the door it came by knows of it. On its event loop. */
interface Visit {

    /**
     * Finds out what it is to hear. Fails with {@link dev.lifeline.gateway.log.LogUnavailable} when nobody can say just
     * now; then it may be asked again.
     */
    Future<Hearing> look();

    /** How it is spoken to, as far as can be known before or after {@link #look}. */
    Dialect dialect();

    /** Whether it was here before: then it is not sent away with an error that it would take for the last word. */
    boolean comesBack();

    /** Where it stood by its own words, to be told again while nobody can say more; or null. */
    default Cursor claimed() {
        return null;
    }

    /**
     * What it is to hear.
     *
     * @param own whether it is the session's own stream
     * @param again what is written first: it may have been lost on the last stretch of a dead line
     */
    record Hearing(Session session, String stream, boolean own, Start start, Framing framing, byte[] again) {}
}
