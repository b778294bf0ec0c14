package dev.lifeline.gateway.rpc;

/**
 * The few members of {@code params} and {@code result} that decide where a message goes; each null where it is missing.
 *
 * @param progressToken spelled like {@link Message#id()}: in a request the one it asks progress under, in a progress notification
 *     the one it is for
 * @param requestId spelled like {@link Message#id()}: which request a cancellation means
 * @param name of a tool or prompt, or the URI of a resource
 * @param protocolVersion in {@code params} of initialize or in its result
 * @param modernVersion in {@code params._meta}: only requests of the modern revision carry it
 * @param client who initializes, and null elsewhere
 */
public record Details(
        String progressToken,
        String requestId,
        String name,
        String protocolVersion,
        String modernVersion,
        Client client) {

    public static final Details NONE = new Details(null, null, null, null, null, null);

    /** What a client calls itself. */
    public record Client(String name, String version) {}
}
