package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.ClientNames;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.connection.Visitor;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.security.Limit;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.wire.SseEncoder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code GET /api/live}: the reports of all nodes as they are made, by the same means as every channel. Operators do not
 * take the places of clients, and get in when those are all taken; so they have a bound of their own.
 */
final class LiveRoute implements Handler<RoutingContext> {

    static final int MOST_WATCHERS = 100;

    private static final Duration COME_BACK_LATER = Duration.ofSeconds(5);
    private static final String OPERATOR = "operator";

    private final Hub hub;
    private final Live live;
    private final Connections connections;
    private final PeerAddress peers;
    private final ClientNames names = new ClientNames();

    LiveRoute(Hub hub, Live live, Connections connections, PeerAddress peers) {
        this.hub = hub;
        this.live = live;
        this.connections = connections;
        this.peers = peers;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String lastEventId = lastEventId(request);
        if (!live.enter(MOST_WATCHERS)) {
            refuse(context, lastEventId != null);
            return;
        }
        Visitor visitor = new Visitor(
                peers.of(request), OPERATOR, null, live::left, names.of(request.getHeader(HttpHeaders.USER_AGENT)));
        Connection connection = connections.open(request, LiveDialect.ONLY, visitor);
        Start start = lastEventId == null ? Start.TAIL : Start.after(lastEventId);
        connection.feedFrom(hub.attach(Live.STREAM, start, connection, connections.loop()));
        live.attended();
    }

    /** Who comes back is not told so by a status: a browser would give up for good. */
    private static void refuse(RoutingContext context, boolean comesBack) {
        if (!comesBack) {
            throw Problem.tooManyConnections(Limit.IN_ALL);
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(Buffer.buffer(SseEncoder.retry(COME_BACK_LATER)));
    }

    private static String lastEventId(HttpServerRequest request) {
        String header = request.getHeader("Last-Event-ID");
        String id = header == null || header.isEmpty() ? request.getParam("lastEventId") : header;
        return id == null || id.isEmpty() ? null : id;
    }
}
