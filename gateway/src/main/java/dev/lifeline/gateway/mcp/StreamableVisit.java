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

/** A GET at the Streamable door: for the session's own stream, or to go on with that of a POST. */
final class StreamableVisit implements Visit {

    private static final String ALLOWED_MODERN = "POST";

    private final McpPorts ports;
    private final Caller caller;
    private final String sessionId;
    private final String version;
    private final String lastEventId;
    private final boolean java;
    private Dialect dialect;

    private StreamableVisit(McpPorts ports, Caller caller, String sessionId, HttpServerRequest request) {
        this.ports = ports;
        this.caller = caller;
        this.sessionId = sessionId;
        this.version = McpHeaders.version(request);
        this.lastEventId = McpHeaders.value(request, McpHeaders.LAST_EVENT_ID);
        this.java = McpHeaders.isJava(request);
    }

    static StreamableVisit of(RoutingContext context, McpPorts ports, Caller caller) {
        HttpServerRequest request = context.request();
        if (Revision.isModern(McpHeaders.value(request, McpHeaders.VERSION))) {
            throw Refusal.notAllowed(ALLOWED_MODERN);
        }
        if (!McpHeaders.acceptsEvents(context)) {
            throw Refusal.notAcceptable(McpHeaders.EVENTS);
        }
        String session = McpHeaders.value(request, McpHeaders.SESSION);
        if (session == null) {
            throw Refusal.sessionMissing();
        }
        return new StreamableVisit(ports, caller, session, request);
    }

    @Override
    public Dialect dialect() {
        return dialect == null ? dialect(version) : dialect;
    }

    private Dialect dialect(String revision) {
        String place = EventId.parse(lastEventId).map(EventId::place).orElse(EventId.OWN);
        dialect = Revision.polls(revision) && !java ? PollingDialect.visiting(place) : Comments.ALONE;
        return dialect;
    }

    @Override
    public boolean comesBack() {
        return lastEventId != null;
    }

    @Override
    public Cursor claimed() {
        return EventId.parse(lastEventId).map(EventId::cursor).orElse(null);
    }

    @Override
    public Future<Hearing> look() {
        return ports.sessions().find(caller, sessionId).compose(session -> {
            if (session.owner().transport() != Session.Transport.STREAMABLE) {
                throw new UnknownSession();
            }
            if (dialect == null) {
                dialect(version == null ? session.opening().revision() : version);
            }
            return lastEventId == null ? Future.succeededFuture(own(session)) : resume(session);
        });
    }

    /** Without a word about where it was: what was not written yet. A client is owed nothing twice. */
    private static Hearing own(Session session) {
        Start start = Optional.ofNullable(session.presence().written())
                .flatMap(Cursor::parse)
                .map(written -> new Start(Start.Kind.AFTER, written))
                .orElse(Start.OLDEST);
        return own(session, start);
    }

    private static Hearing own(Session session, Start start) {
        return new Hearing(session, session.stream(), true, start, new McpFraming(EventId.OWN), Comments.NOTHING);
    }

    private Future<Hearing> resume(Session session) {
        EventId id = EventId.parse(lastEventId).orElseThrow(Refusal::unknownEvent);
        Start start = new Start(Start.Kind.AFTER, id.cursor());
        if (id.place().equals(EventId.OWN)) {
            return probe(session.stream(), id.cursor()).map(more -> own(session, start));
        }
        String stream = Session.stream(session.id(), id.place());
        // In this order: an outcome that lands in between is seen by the second look.
        return ports.sessions()
                .isWaiting(session, stream)
                .compose(waiting -> probe(stream, id.cursor()).map(more -> {
                    if (!waiting && !more) {
                        throw Refusal.notAllowed("POST, DELETE");
                    }
                    return new Hearing(session, stream, false, start, new McpFraming(id.place()), Comments.NOTHING);
                }));
    }

    /** Whether anything comes after a position; one that cannot be gone on from is refused. */
    private Future<Boolean> probe(String stream, Cursor cursor) {
        return ports.log().read(stream, cursor, 1).map(page -> {
            if (page.gap() != null) {
                throw Refusal.unknownEvent();
            }
            return !page.events().isEmpty();
        });
    }
}
