package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Session;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /messages/ack}: a client has everything up to an event, and will not ask for it again. */
final class AcknowledgeRoute implements Handler<RoutingContext> {

    private final Means means;
    private final Door door;

    AcknowledgeRoute(Means means, Door door) {
        this.means = means;
        this.door = door;
    }

    @Override
    public void handle(RoutingContext context) {
        McpHeaders.requireJsonBody(context.request());
        String session = LegacyPost.session(context.request());
        if (session == null) {
            throw Refusal.sessionMissing();
        }
        means.body()
                .read(context.request())
                .map(AcknowledgeRoute::id)
                .compose(id -> means.ports()
                        .sessions()
                        .find(means.reception().caller(context, door.upstream()), session)
                        .compose(found -> acknowledge(found, id)))
                .compose(done -> context.response().setStatusCode(204).end())
                .onFailure(context::fail);
    }

    private static EventId id(Buffer body) {
        try {
            String text = body.toJsonObject().getString("lastEventId");
            return EventId.parse(text).orElseThrow(Refusal::unknownEvent);
        } catch (DecodeException | ClassCastException unreadable) {
            throw Refusal.of(400, RpcError.PARSE, "Parse error: the body is {\"lastEventId\": \"...\"}");
        }
    }

    private Future<Void> acknowledge(Session session, EventId id) {
        boolean own = id.place().equals(session.id()) || id.place().equals(EventId.OWN);
        String stream = own ? session.stream() : Session.stream(session.id(), id.place());
        return means.ports().log().acknowledge(stream, id.cursor());
    }
}
