package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Details;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;

/** What the gateway says to an upstream of its own accord. */
final class OwnWords {

    /** For a client that never said who it is: one that can do nothing but ask. */
    static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":\"lifeline\",\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"lifeline\",\"version\":\"1\"}}}";

    static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

    private OwnWords() {}

    /** What is remembered of an introduction. */
    static Session.Opening opening(Message initialize, String revision) {
        Details.Client client = initialize.details().client();
        return new Session.Opening(
                initialize.text(),
                revision,
                client == null ? null : client.name(),
                client == null ? null : client.version(),
                false);
    }

    static Session.Opening withInitialized(Session.Opening opening) {
        return new Session.Opening(
                opening.initialize(), opening.revision(), opening.clientName(), opening.clientVersion(), true);
    }

    /** The answer to an upstream's request that is not passed on. */
    static String insteadOfAQuietClient(Message request) {
        return request.method().equals("ping")
                ? "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":{}}"
                : RpcError.answer(request.id(), RpcError.METHOD_NOT_FOUND, "this client takes no requests", null);
    }
}
