package dev.lifeline.gateway.session;

/**
 * One accepted request that has no outcome yet.
 *
 * @param key names it within its session, and makes its outcome land once
 * @param id the client's id of the request, as it stands in its text
 * @param stream where its outcome and what belongs to it go
 * @param node which node waits for the outcome
 * @param request the text, kept only where it may be sent again; null elsewhere
 * @param method what is asked for
 * @param upstreamEventId the last event id the upstream gave on its way to the outcome, or null
 */
public record Exchange(
        String key, String id, String stream, String node, String request, String method, String upstreamEventId) {

    /** The same, waited for by another node. */
    public Exchange at(String other) {
        return new Exchange(key, id, stream, other, request, method, upstreamEventId);
    }
}
