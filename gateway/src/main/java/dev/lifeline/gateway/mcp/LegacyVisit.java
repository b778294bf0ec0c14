package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.UnknownSession;
import dev.lifeline.gateway.stream.Start;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A GET at the legacy door. Clients there lose their session with their connection, and most say nothing of it when they
 * come back; so the session is looked for, in this order: by the last event id, by a session or key in the URL, by a sign
 * that it is a return together with who and where from, and if all that means none, or more than one, a new one is opened.
 */
final class LegacyVisit implements Visit {

    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

    private final McpPorts ports;
    private final McpSettings settings;
    private final Caller caller;
    private final Session.Owner owner;
    private final LegacyDialect dialect;
    private final Optional<EventId> lastEvent;
    private final String named;
    private final boolean returning;

    private LegacyVisit(McpPorts ports, McpSettings settings, Caller caller, Session.Owner owner, Asked asked) {
        this.ports = ports;
        this.settings = settings;
        this.caller = caller;
        this.owner = owner;
        this.dialect = new LegacyDialect(asked.endpoint());
        this.lastEvent = EventId.parse(asked.lastEventId());
        this.named = asked.session();
        this.returning = asked.returning();
    }

    /** What the request says; its headers are gone once the stream is open. */
    private record Asked(String endpoint, String lastEventId, String session, boolean returning) {}

    static LegacyVisit of(RoutingContext context, McpPorts ports, McpSettings settings, Arrival arrival) {
        if (!McpHeaders.acceptsEvents(context)) {
            throw Refusal.notAcceptable(McpHeaders.EVENTS);
        }
        HttpServerRequest request = context.request();
        String lastEventId = McpHeaders.value(request, McpHeaders.LAST_EVENT_ID);
        boolean returning =
                Revision.comesBack(McpHeaders.value(request, McpHeaders.VERSION)) && !McpHeaders.isJava(request);
        Asked asked = new Asked(
                arrival.endpoint(),
                lastEventId == null ? request.getParam("lastEventId") : lastEventId,
                LegacyPost.session(request),
                returning);
        return new LegacyVisit(ports, settings, arrival.caller(), arrival.owner(key(context)), asked);
    }

    private static String key(RoutingContext context) {
        String inPath = context.pathParam("key");
        String key = inPath == null ? context.request().getParam("client") : inPath;
        if (key != null && !KEY.matcher(key).matches()) {
            throw Refusal.invalid("Bad Request: a client key has 1 to 200 visible ASCII characters");
        }
        return key;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public boolean comesBack() {
        return lastEvent.isPresent() || named != null || returning;
    }

    @Override
    public Future<Hearing> look() {
        return byLastEvent()
                .compose(found -> found.isPresent() ? resumed(found.get()) : lookFurther())
                .onSuccess(hearing -> dialect.meet(hearing.session().id()));
    }

    private Future<Optional<Session>> byLastEvent() {
        if (lastEvent.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return find(lastEvent.get().place())
                .map(Optional::of)
                .recover(failure -> failure instanceof UnknownSession
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    /** Sessions of the other door are heard there. */
    private Future<Session> find(String id) {
        return ports.sessions().find(caller, id).map(session -> {
            if (session.owner().transport() != Session.Transport.LEGACY) {
                throw new UnknownSession();
            }
            return session;
        });
    }

    private Future<Hearing> resumed(Session session) {
        return Future.succeededFuture(
                hearing(session, new Start(Start.Kind.AFTER, lastEvent.get().cursor()), Comments.NOTHING));
    }

    private Future<Hearing> lookFurther() {
        if (named != null) {
            return find(named).compose(this::returned);
        }
        Future<Optional<Session>> known = owner.key() != null
                ? ports.sessions().byKey(caller, owner.key())
                : returning
                        ? ports.sessions().returning(caller, owner.origin())
                        : Future.succeededFuture(Optional.empty());
        return known.compose(found -> found.isPresent() ? returned(found.get()) : opened());
    }

    private Future<Hearing> opened() {
        return ports.sessions()
                .open(owner, caller.upstream())
                .map(session -> hearing(session, Start.OLDEST, Comments.NOTHING));
    }

    /** It does not say what it has: it gets what was not written to it yet, and the last answers once more. */
    private Future<Hearing> returned(Session session) {
        Optional<Cursor> written =
                Optional.ofNullable(session.presence().written()).flatMap(Cursor::parse);
        if (written.isEmpty()) {
            return Future.succeededFuture(hearing(session, Start.OLDEST, Comments.NOTHING));
        }
        return new RecentAnswers(ports.log())
                .upTo(session, written.get())
                .map(again -> hearing(session, new Start(Start.Kind.AFTER, written.get()), again));
    }

    private Hearing hearing(Session session, Start start, byte[] again) {
        boolean quiet = settings.isQuiet(session.opening().clientName());
        return new Hearing(session, session.stream(), true, start, new LegacyFraming(session.id(), quiet), again);
    }
}
