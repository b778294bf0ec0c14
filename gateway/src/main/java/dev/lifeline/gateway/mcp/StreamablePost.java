package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code POST /mcp}: what a client says at the Streamable door. Requests get a stream of their own, which is the answer
 * itself or holds it until it is asked for.
 */
final class StreamablePost implements Handler<RoutingContext> {

    static final String INITIALIZE = "initialize";

    private final Means means;
    private final Door door;
    private final ModernRoute modern;

    StreamablePost(Means means, Door door, ModernRoute modern) {
        this.means = means;
        this.door = door;
        this.modern = modern;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        McpHeaders.requireJsonBody(request);
        if (!McpHeaders.acceptsJson(context)) {
            throw Refusal.notAcceptable("application/json and text/event-stream");
        }
        String version = McpHeaders.value(request, McpHeaders.VERSION);
        means.read(request)
                .compose(posted -> ModernRoute.isMeant(version, posted.body())
                        ? modern.pass(context, posted)
                        : take(context, posted))
                .onFailure(context::fail);
    }

    private Future<Void> take(RoutingContext context, Means.Posted posted) {
        McpHeaders.version(context.request());
        List<Message> messages = posted.body().messages();
        if (messages.stream().anyMatch(message -> INITIALIZE.equals(message.method()) && message.isRequest())) {
            if (posted.body().batch()) {
                throw Refusal.invalid("Invalid Request: initialize comes alone");
            }
            return begin(context, messages.get(0));
        }
        String session = McpHeaders.value(context.request(), McpHeaders.SESSION);
        if (session != null) {
            return inSession(context, session, posted);
        }
        if (!means.settings().sessionless()) {
            throw Refusal.sessionMissing();
        }
        return withoutSession(context, posted);
    }

    private Sessions sessions() {
        return means.ports().sessions();
    }

    private Caller caller(RoutingContext context) {
        return means.reception().caller(context, door.upstream());
    }

    private Future<Void> begin(RoutingContext context, Message initialize) {
        Session.Owner owner = means.reception().owner(context, Session.Transport.STREAMABLE, null);
        return sessions()
                .begin(owner, door.upstream(), initialize)
                .transform(begun -> begun.succeeded()
                        ? Future.succeededFuture(begun.result())
                        : Future.failedFuture(RpcProblems.of(begun.cause()).to(initialize.id())))
                .onSuccess(begun -> {
                    means.met(GuestBook.Line.introducing(false, owner.principal(), initialize));
                    begun.session()
                            .ifPresent(session -> context.response().putHeader(McpHeaders.SESSION, session.id()));
                    context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, McpHeaders.JSON)
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .end(begun.answer().text());
                })
                .mapEmpty();
    }

    private Future<Void> inSession(RoutingContext context, String id, Means.Posted posted) {
        Future<Void> allowed =
                posted.body().batch() ? means.requireBatches(caller(context), id) : Future.succeededFuture();
        return allowed.compose(yes -> {
            List<Message> messages = posted.body().messages();
            if (posted.requests() == 0) {
                return sessions()
                        .accept(caller(context), id, messages, Session.stream(id))
                        .onSuccess(session -> {
                            met(session, posted);
                            context.response().setStatusCode(202).end();
                        })
                        .mapEmpty();
            }
            return new Answering(context, means, posted, session -> manner(context, session, posted), () -> {})
                    .of(caller(context), id);
        });
    }

    private PostReply.Manner manner(RoutingContext context, Session session, Means.Posted posted) {
        boolean streams = McpHeaders.asksForEvents(context)
                && !means.settings().isQuiet(session.opening().clientName());
        boolean polls = Revision.polls(session.opening().revision()) && !McpHeaders.isJava(context.request());
        return new PostReply.Manner(streams, streams && polls, posted.body().batch(), posted.requests());
    }

    private Future<Void> withoutSession(RoutingContext context, Means.Posted posted) {
        if (posted.requests() == 0) {
            // Nobody could say which conversation it is about; clients that keep none send them all the same.
            return context.response().setStatusCode(202).end();
        }
        Session.Owner owner = means.reception().owner(context, Session.Transport.SESSIONLESS, null);
        return borrow(owner, posted).compose(session -> {
            PostReply.Manner manner =
                    new PostReply.Manner(false, false, posted.body().batch(), posted.requests());
            return new Answering(
                            context,
                            means,
                            posted,
                            taken -> manner,
                            () -> sessions().giveBack(session))
                    .of(caller(context), session.id());
        });
    }

    private void met(Session session, Means.Posted posted) {
        GuestBook.Line.of(false, session, posted.body().messages()).ifPresent(means::met);
    }

    private Future<Session> borrow(Session.Owner owner, Means.Posted posted) {
        String first = posted.body().messages().stream()
                .filter(Message::isRequest)
                .findFirst()
                .orElseThrow()
                .id();
        return sessions()
                .borrow(owner, door.upstream())
                .recover(failure -> Future.failedFuture(RpcProblems.of(failure).to(first)));
    }
}
