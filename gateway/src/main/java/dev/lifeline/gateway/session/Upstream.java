package dev.lifeline.gateway.session;

import io.vertx.core.Future;
import java.util.Optional;

/** A configured MCP server, and how to speak with it. */
public interface Upstream {

    String name();

    /**
     * Whether every node can send, given the state of the link (HTTP); otherwise only the holder can, because what it
     * talks through is a pipe that ends with it.
     */
    boolean reachableFromAnyNode();

    /**
     * A node's hold on the conversation of one session; no word is said yet.
     *
     * @param session for log lines and for what is kept per session; never sent
     * @param known where the conversation stands, {@link LinkState#NONE} before it began
     */
    Link link(String session, LinkState known);

    /** The way for requests of the modern revision, where this upstream speaks HTTP without sessions at all. */
    default Optional<Passage> passage() {
        return Optional.empty();
    }

    /** Closes what is held for no session in particular. */
    Future<Void> close();
}
