package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.wire.SseEncoder;

/**
 * The legacy stream of a session. There are clients that take whatever comes next for the answer they wait for: they get
 * answers and nothing else, each of the rest being a comment in its place.
 *
 * <p>Which client it is shows after its stream was opened, and at whatever node it says so; hence the sign in the stream
 * itself.
 */
final class LegacyFraming extends McpFraming {

    /** From here on only answers are for this client. */
    static final Event HUSH = new Event("hush", "");

    private static final byte[] NOTHING = SseEncoder.comment("");

    private volatile boolean quiet;

    LegacyFraming(String session, boolean quiet) {
        super(session);
        this.quiet = quiet;
    }

    @Override
    public byte[] encode(Cursor at, Event event) {
        if (event.type().equals(HUSH.type())) {
            quiet = true;
            return NOTHING;
        }
        return quiet && event.type().equals(Sessions.MESSAGE) ? NOTHING : super.encode(at, event);
    }
}
