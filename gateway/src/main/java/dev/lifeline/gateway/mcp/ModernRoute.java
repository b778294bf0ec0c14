package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.session.Passage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Requests of the modern revision, which knows no sessions: each is checked and passed through. Nothing of it is kept,
 * and a client that closes has called it off.
 */
final class ModernRoute {

    private final Means means;
    private final Door door;

    ModernRoute(Means means, Door door) {
        this.means = means;
        this.door = door;
    }

    /** Whether a request is of that revision, by its own words. */
    static boolean isMeant(String version, MessageReader.Body body) {
        return Revision.isModern(version)
                || body.messages().stream()
                        .anyMatch(message -> message.details().modernVersion() != null);
    }

    Future<Void> pass(RoutingContext context, Means.Posted posted) {
        Message message = posted.body().messages().get(0);
        if (posted.body().batch()) {
            throw Refusal.invalid("Invalid Request: batches are not part of this protocol version");
        }
        Passage passage = means.ports().passages().apply(door.upstream()).orElseThrow(() -> unsupported(message));
        ModernHeaders.check(context.request(), message);
        Admission admission = means.reception().admit(context);
        if (admission instanceof Admission.Refused refused) {
            throw Problem.tooManyConnections(refused.limit());
        }
        means.met(modern(context, message));
        Transit transit = new Transit(context.response(), means, (Admission.Place) admission);
        Runnable answered = means.reception().connections().letWait(context.request());
        return passage.post(
                        ModernHeaders.forwarded(context.request(), message.trace()),
                        posted.bytes(),
                        transit.calledOff())
                .transform(begun -> {
                    answered.run();
                    if (begun.failed()) {
                        transit.over();
                        return Future.failedFuture(RpcProblems.of(begun.cause()).to(message.id()));
                    }
                    transit.begin(begun.result());
                    return Future.succeededFuture();
                });
    }

    private GuestBook.Line modern(RoutingContext context, Message message) {
        String principal = means.reception().caller(context, door.upstream()).principal();
        return new GuestBook.Line(
                false, principal, null, null, message.details().modernVersion(), false);
    }

    private static Refusal unsupported(Message message) {
        JsonObject data = new JsonObject().put("supported", new JsonArray(Revision.WITH_SESSIONS));
        Optional.ofNullable(message.details().modernVersion()).ifPresent(asked -> data.put("requested", asked));
        return Refusal.of(400, RpcError.UNSUPPORTED_VERSION, "Unsupported protocol version")
                .to(message.id())
                .saying(data.encode());
    }
}
