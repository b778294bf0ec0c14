package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.UnknownSession;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code POST /sessions/{id}/messages} and {@code /sessions/messages}: operators speak to one session, or to all. */
final class TellRoute implements Handler<RoutingContext> {

    private final McpPorts ports;
    private final BoundedBody body;

    TellRoute(McpPorts ports, BoundedBody body) {
        this.ports = ports;
        this.body = body;
    }

    @Override
    public void handle(RoutingContext context) {
        String session = context.pathParam("session");
        body.read(context.request())
                .map(bytes -> notification(ports.reader().read(bytes).messages()))
                .compose(message -> session == null
                        ? ports.sessions().tellAll(message)
                        : ports.sessions().tell(session, message).map(1L))
                .compose(told -> context.response()
                        .setStatusCode(202)
                        .putHeader(HttpHeaders.CONTENT_TYPE, McpHeaders.JSON)
                        .end(new JsonObject().put("sessions", told).toBuffer()))
                .recover(failure -> Future.failedFuture(problem(failure)))
                .onFailure(context::fail);
    }

    /** An answer or a request from here would be taken for the upstream's. */
    private static Message notification(List<Message> messages) {
        if (messages.size() != 1 || messages.get(0).kind() != Message.Kind.NOTIFICATION) {
            throw Problem.badRequest("The body is one JSON-RPC notification.");
        }
        return messages.get(0);
    }

    private static Throwable problem(Throwable failure) {
        if (failure instanceof UnknownSession) {
            return Problem.notFound();
        }
        if (failure instanceof RpcError unreadable) {
            return Problem.badRequest(unreadable.getMessage());
        }
        return failure instanceof LogUnavailable ? Problem.logUnavailable(false) : failure;
    }
}
