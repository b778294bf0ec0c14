package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code POST /messages} and {@code /message}: what a legacy client says. Answers go to its stream; they come here as
 * well if it asks to wait for them, or has no stream because it never opened one.
 */
final class LegacyPost implements Handler<RoutingContext> {

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,6})\"?(?:$|[,;\\s])");

    private final Means means;
    private final Door door;

    LegacyPost(Means means, Door door) {
        this.means = means;
        this.door = door;
    }

    /** Which session a request names, in any of the ways in use, or null. */
    static String session(HttpServerRequest request) {
        String camel = request.getParam("sessionId");
        String named = camel == null ? request.getParam("session_id") : camel;
        return named == null || named.isEmpty() ? McpHeaders.value(request, McpHeaders.SESSION) : named;
    }

    @Override
    public void handle(RoutingContext context) {
        McpHeaders.requireJsonBody(context.request());
        means.node().deprecations().mark(context.response(), door);
        means.read(context.request()).compose(posted -> take(context, posted)).onFailure(context::fail);
    }

    private Future<Void> take(RoutingContext context, Means.Posted posted) {
        String session = session(context.request());
        Optional<Duration> wait = wait(context.request());
        if (session == null) {
            return withoutSession(context, posted, wait);
        }
        Future<Void> allowed =
                posted.body().batch() ? means.requireBatches(caller(context), session) : Future.succeededFuture();
        return allowed.compose(yes -> hush(context, session, posted))
                .compose(hushed -> wait.isPresent() && posted.requests() > 0
                        ? answered(context, session, posted, wait.get())
                        : accepted(context, session, posted));
    }

    private Sessions sessions() {
        return means.ports().sessions();
    }

    private Caller caller(RoutingContext context) {
        return means.reception().caller(context, door.upstream());
    }

    /** {@code Prefer: wait=N}, as RFC 7240 has it: seconds, and no more than we allow. */
    private Optional<Duration> wait(HttpServerRequest request) {
        String prefer = request.getHeader("Prefer");
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        Duration longest = means.settings().replies().longestWait();
        return wait.find()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(wait.group(1))))
                        .map(asked -> asked.compareTo(longest) < 0 ? asked : longest)
                : Optional.empty();
    }

    /** A client that takes whatever comes for its answer says its name here, and may be listening on another node. */
    private Future<Void> hush(RoutingContext context, String id, Means.Posted posted) {
        Optional<String> name = posted.body().messages().stream()
                .filter(message -> StreamablePost.INITIALIZE.equals(message.method()))
                .filter(message -> message.details().client() != null)
                .map(message -> message.details().client().name())
                .findFirst();
        if (name.filter(means.settings()::isQuiet).isEmpty()) {
            return Future.succeededFuture();
        }
        return sessions()
                .find(caller(context), id)
                .compose(session -> means.ports().hub().publish(session.stream(), List.of(LegacyFraming.HUSH), "hush"))
                .mapEmpty();
    }

    private Future<Void> accepted(RoutingContext context, String id, Means.Posted posted) {
        return sessions()
                .accept(caller(context), id, posted.body().messages(), Session.stream(id))
                .onSuccess(session -> met(session, posted))
                .compose(taken -> context.response().setStatusCode(202).end());
    }

    private void met(Session session, Means.Posted posted) {
        GuestBook.Line.of(true, session, posted.body().messages()).ifPresent(means::met);
    }

    private Future<Void> withoutSession(RoutingContext context, Means.Posted posted, Optional<Duration> wait) {
        if (posted.requests() == 0) {
            return context.response().setStatusCode(202).end();
        }
        Session.Owner owner = means.reception().owner(context, Session.Transport.LEGACY, null);
        Duration longest = wait.orElse(means.settings().replies().longestWait());
        return sessions()
                .open(owner, door.upstream())
                .compose(session -> hush(context, session.id(), posted)
                        .compose(hushed -> answered(context, session.id(), posted, longest)));
    }

    private Future<Void> answered(RoutingContext context, String id, Means.Posted posted, Duration longest) {
        String stream = Session.stream(id);
        Set<String> ids = posted.body().messages().stream()
                .filter(Message::isRequest)
                .map(Message::id)
                .collect(Collectors.toSet());
        return sessions()
                .find(caller(context), id)
                .compose(session -> means.ports().log().read(stream, null, 1))
                .compose(page -> answered(context, id, posted, page.tail(), ids, longest));
    }

    private Future<Void> answered(
            RoutingContext context, String id, Means.Posted posted, Cursor tail, Set<String> ids, Duration longest) {
        return sessions()
                .accept(caller(context), id, posted.body().messages(), Session.stream(id))
                .onSuccess(session -> met(session, posted))
                .compose(taken -> AnswerWait.on(means, Session.stream(id), tail, ids, longest))
                .compose(answers -> write(context.response(), id, posted.body().batch(), answers));
    }

    private static Future<Void> write(HttpServerResponse response, String id, boolean batch, List<String> answers) {
        if (response.closed()) {
            return Future.succeededFuture();
        }
        response.putHeader(McpHeaders.SESSION, id).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (answers.isEmpty()) {
            return response.setStatusCode(202).end();
        }
        return response.putHeader(HttpHeaders.CONTENT_TYPE, McpHeaders.JSON)
                .end(batch ? "[" + String.join(",", answers) + "]" : answers.get(0));
    }
}
