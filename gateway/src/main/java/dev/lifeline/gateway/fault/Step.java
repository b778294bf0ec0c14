package dev.lifeline.gateway.fault;

import java.util.Locale;

/**
 * The places between receiving and writing at which a run may be told to fail, in the order of an event's way. Each says
 * what has happened and what has not; what an exception means there is what a real failure of the place would be.
 */
public enum Step {
    /** A source's event was read, and nothing done with it. The connection is cut. */
    UPSTREAM_READ,
    /** A feed's event was taken, and not appended. The log refuses. */
    FEED,
    /** An event is about to be appended. The log refuses. */
    APPEND,
    /** It was appended. The answer is lost. */
    APPEND_ANSWER,
    /** It was appended and is about to be relayed to other nodes. The relay drops it. */
    RELAY,
    /** It came from another node, and no reader here has it. It is thrown away. */
    RELAY_RECEIVED,
    /** A reader is about to be handed events. Its connection is dropped. */
    WRITE,
    /** They were handed to the connection, and have not left. It is closed. */
    FLUSH,
    /** A reader that comes back was handed a part of what it missed. Its connection is dropped. */
    REPLAY,
    /** It has all it missed, and nothing live yet. Its connection is dropped. */
    SEAM,
    /** A client opened a session, and the store knows it; not that this node has a part in it. The store is away. */
    SESSION_CREATED,
    /** A client listens here, and the store does not know. The store is away. */
    ARRIVED,
    /** A request was put down, and the upstream has not heard of it. The store's answer is lost. */
    ACCEPTED,
    /** The upstream has a request, and has not answered. The connection is cut. */
    SENT,
    /** An upstream began the conversation anew, and the store does not know. The store is away. */
    INTRODUCE,
    /** An exchange's outcome was published, and the exchange is still open. The store is away. */
    OUTCOME,
    /** A node's lease has lapsed, and nothing of it was taken over. The store is away. */
    TAKEOVER,
    /** A part of it was taken over, and nothing settled. The store's answer is lost. */
    TAKEN_OVER,
    /** Some of the streams of a node that leaves were ended. The drain ends there. */
    DRAIN;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it is written. */
    public String label() {
        return label;
    }
}
