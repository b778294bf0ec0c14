package dev.lifeline.gateway.session;

import java.time.Duration;
import java.util.List;

/**
 * A node's part in a session, for those who look on.
 *
 * @param session as this node last saw it in the store
 * @param link where the conversation with the upstream stands, as far as this node knows
 * @param linked whether this node has a link with the upstream for it
 * @param present whether a client listens on this node
 * @param open the exchanges this node pursues
 */
public record Part(Session session, LinkState link, boolean linked, boolean present, List<Open> open) {

    /** A request without an outcome. */
    public record Open(String method, Duration age) {}
}
