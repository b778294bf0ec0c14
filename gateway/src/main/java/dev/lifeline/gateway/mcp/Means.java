package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.Correlation;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * What every route of one event loop works with.
 *
 * @param body reads what is sent, within bounds
 * @param node what the routes of all event loops share
 */
public record Means(McpPorts ports, McpSettings settings, Reception reception, BoundedBody body, NodeWide node) {

    /** What the routes of all event loops of a node share. */
    public record NodeWide(
            PostReplies replies,
            Attendances attendances,
            Leftovers leftovers,
            Deprecations deprecations,
            GuestBook guests) {

        public static NodeWide of(McpSettings settings, GuestBook guests) {
            return new NodeWide(
                    new PostReplies(),
                    new Attendances(),
                    new Leftovers(),
                    new Deprecations(settings.deprecation()),
                    guests);
        }
    }

    /** Reads a body as messages; what is none fails with an error in JSON-RPC. */
    Future<Posted> read(HttpServerRequest request) {
        return body.read(request)
                .map(bytes -> new Posted(bytes, ports.reader().read(bytes).in(Correlation.trace(request))));
    }

    /** A client was served at one of the doors. */
    void met(GuestBook.Line line) {
        node.deprecations().met(line);
        node.guests().met(line);
    }

    /** Fails where a session's protocol version has no batches. */
    Future<Void> requireBatches(Caller caller, String id) {
        return ports.sessions().find(caller, id).map(session -> {
            if (!Revision.batches(session.opening().revision())) {
                throw Refusal.invalid("Invalid Request: batches are not part of this session's protocol version");
            }
            return null;
        });
    }

    /** What was posted, as bytes and as messages. */
    record Posted(Buffer bytes, MessageReader.Body body) {

        int requests() {
            int requests = 0;
            for (Message message : body.messages()) {
                requests += message.isRequest() ? 1 : 0;
            }
            return requests;
        }
    }
}
