package dev.lifeline.gateway.session;

import java.time.Instant;

/**
 * What is known of an MCP conversation, wherever its parts are held: a snapshot of the record in the store.
 *
 * @param id unguessable, visible ASCII
 * @param owner whose it is
 * @param upstream the name of the MCP server behind it
 * @param opening how the client introduced itself, or {@link Opening#NONE} before it has
 * @param link where the conversation with the upstream stands
 * @param presence whether a client is listening, and where
 */
public record Session(String id, Owner owner, String upstream, Opening opening, LinkState link, Presence presence) {

    private static final String STREAMS = "mcp:";

    /**
     * Whose a session is.
     *
     * @param principal the name it was authenticated under; nobody else's id names this session
     * @param transport which door it came in by
     * @param origin where it came from and what it is, for recognising a client that says nothing else about itself
     * @param key what the client repeats whenever it comes, or null
     */
    public record Owner(String principal, Transport transport, String origin, String key) {}

    /** The door a session's client uses. */
    public enum Transport {
        /** GET /sse and POST /messages. */
        LEGACY,
        /** /mcp. */
        STREAMABLE,
        /** POST /mcp from clients that keep no session. */
        SESSIONLESS
    }

    /**
     * How a client introduced itself.
     *
     * @param initialize the request, as it was sent
     * @param revision the protocol version that was agreed on
     * @param initialized whether it has said so
     */
    public record Opening(
            String initialize, String revision, String clientName, String clientVersion, boolean initialized) {

        public static final Opening NONE = new Opening(null, null, null, null, false);
    }

    /**
     * Whether a client is listening to the session's own stream.
     *
     * @param node where its link is or was last, or null if there never was one
     * @param listening false once the link has ended; a node that died could not say so
     * @param written the last position known to have been written, as text, or null
     * @param changed when it came or went
     */
    public record Presence(String node, boolean listening, String written, Instant changed) {

        public static final Presence NEVER = new Presence(null, false, null, Instant.EPOCH);
    }

    /** The stream of everything that belongs to no exchange. */
    public String stream() {
        return stream(id);
    }

    public static String stream(String session) {
        return STREAMS + session;
    }

    /** What all streams of a session have in common, or a stream's own name where it belongs to none. */
    public static String family(String stream) {
        if (!stream.startsWith(STREAMS)) {
            return stream;
        }
        int end = stream.indexOf(':', STREAMS.length());
        return stream.substring(STREAMS.length(), end < 0 ? stream.length() : end);
    }

    /** The stream of what one POST of the client brought about. */
    public static String stream(String session, String post) {
        return STREAMS + session + ":" + post;
    }
}
