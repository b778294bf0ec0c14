package dev.lifeline.gateway.session;

import java.util.Objects;

/**
 * Where a session's conversation with its upstream stands: all a node needs to go on with it.
 *
 * @param generation counts the times it was begun; who changes it says which one he knew
 * @param holder the node that keeps its standing part: the upstream's own stream, or its process
 * @param upstreamSession the upstream's id of it, or null where it has none
 * @param endpoint where messages are posted to, where the upstream named a place
 * @param revision the protocol version the upstream agreed to
 * @param lastEventId of the upstream's own stream, or null
 */
public record LinkState(
        long generation, String holder, String upstreamSession, String endpoint, String revision, String lastEventId) {

    /** Nobody has spoken to the upstream yet. */
    public static final LinkState NONE = new LinkState(0, null, null, null, null, null);

    /** The same conversation, as a generation of the session's link with its holder. */
    LinkState begun(long asGeneration, String by) {
        return new LinkState(asGeneration, by, upstreamSession, endpoint, revision, null);
    }

    /** Whether it is the same conversation, whoever holds it. */
    boolean isWithin(LinkState other) {
        return Objects.equals(upstreamSession, other.upstreamSession);
    }

    /** The same, heard as far as this. */
    LinkState heard(String upTo) {
        return new LinkState(generation, holder, upstreamSession, endpoint, revision, upTo);
    }

    /** What the upstream's event ids are unique within. */
    String scope() {
        return upstreamSession == null ? Long.toString(generation) : upstreamSession;
    }

    public boolean isOpen() {
        return generation > 0;
    }
}
