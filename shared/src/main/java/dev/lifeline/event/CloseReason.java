package dev.lifeline.event;

/**
 * The closed list of ways a stream to a client ends: the metric label, the log field and the client contract in one.
 *
 * <p>Codes below 100 mean "come back with your last id, nothing is lost"; codes from 100 mean "coming back changes
 * nothing unless you change something first".
 */
public enum CloseReason {
    /** The client closed its side. */
    CLIENT_LEFT(1, "client_left"),
    /** The network says the peer is gone: a reset, or bytes nobody acknowledged in time. */
    PEER_LOST(2, "peer_lost"),
    /** The client kept its side open and took nothing for the whole connection timeout. */
    STALLED(3, "stalled"),
    /** This node is going away and asked the client to use another. */
    DRAINED(4, "drained"),
    /** The connection reached the age at which connections are renewed. */
    ROTATED(5, "rotated"),
    /** The answer is not there yet; the client is to ask for it again, as its protocol has it. */
    PAUSED(6, "paused"),
    /** The credential the stream was opened with ran out. */
    CREDENTIAL_EXPIRED(101, "credential_expired"),
    /** All there was to say has been said. */
    COMPLETED(102, "completed"),
    /** The same reader opened the stream again, here or on another node: the newest has it. */
    SUPERSEDED(103, "superseded"),
    /** The session the stream belonged to is over. */
    SESSION_ENDED(104, "session_ended");

    private static final int FIRST_TERMINAL_CODE = 100;

    private final int code;
    private final String label;

    CloseReason(int code, String label) {
        this.code = code;
        this.label = label;
    }

    public int code() {
        return code;
    }

    public String label() {
        return label;
    }

    /** Whether a client that simply reconnects will be served. */
    public boolean comeBack() {
        return code < FIRST_TERMINAL_CODE;
    }
}
