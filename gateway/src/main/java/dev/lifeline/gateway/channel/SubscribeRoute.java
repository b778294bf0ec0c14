package dev.lifeline.gateway.channel;

import dev.lifeline.gateway.connection.ClientNames;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.connection.Visitor;
import dev.lifeline.gateway.http.Authentication;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.security.Limit;
import dev.lifeline.gateway.security.Principal;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.wire.SseEncoder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /events/{channel}}: attends a channel. The answer is a stream that begins with {@code retry:} and the
 * current id; with a {@code Last-Event-ID} it begins with what the client missed.
 */
public final class SubscribeRoute implements Handler<RoutingContext> {

    private static final String EVENT_STREAM = "text/event-stream";
    private static final Duration COME_BACK_LATER = Duration.ofSeconds(5);

    private final Hub hub;
    private final Connections connections;
    private final ConnectionLimits limits;
    private final PeerAddress peers;
    private final GatewayMetrics metrics;
    private final ClientNames names = new ClientNames();

    public SubscribeRoute(
            Hub hub, Connections connections, ConnectionLimits limits, PeerAddress peers, GatewayMetrics metrics) {
        this.hub = hub;
        this.connections = connections;
        this.limits = limits;
        this.peers = peers;
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext context) {
        ChannelName channel = ChannelName.of(context.pathParam("channel"));
        Principal principal = Authentication.principal(context);
        if (!principal.maySubscribe(channel.value())) {
            throw Problem.forbidden("You may not subscribe to this channel.");
        }
        if (!acceptsEvents(context)) {
            throw Problem.notAcceptable(EVENT_STREAM);
        }
        ChannelDialect dialect = ChannelDialect.named(context.request().getParam("heartbeat"))
                .orElseThrow(() -> Problem.badRequest("heartbeat is comment or event."));
        String lastEventId = lastEventId(context.request());
        String address = peers.of(context.request());
        Admission admission = limits.admit(address, principal);
        if (admission instanceof Admission.Refused refused) {
            refuse(context, refused.limit(), lastEventId != null);
            return;
        }
        Visitor visitor = new Visitor(
                address,
                principal.name(),
                principal.expiresAt().orElse(null),
                ((Admission.Place) admission)::release,
                names.of(context.request().getHeader(HttpHeaders.USER_AGENT)));
        Connection connection = connections.open(context.request(), dialect, visitor);
        Start start = lastEventId == null ? Start.TAIL : Start.after(lastEventId);
        connection.feedFrom(hub.attach(channel.stream(), start, connection, connections.loop()));
    }

    /**
     * A newcomer is refused with a status. One that comes back must not be: a browser that meets a 503 while it
     * reconnects gives up for good, so it gets an empty stream that tells it when to try again.
     */
    private void refuse(RoutingContext context, Limit limit, boolean comesBack) {
        metrics.connectionRefused(limit.label());
        if (!comesBack) {
            throw Problem.tooManyConnections(limit);
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(Buffer.buffer(SseEncoder.retry(COME_BACK_LATER)));
    }

    private static boolean acceptsEvents(RoutingContext context) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        return accepted.isEmpty()
                || accepted.stream()
                        .anyMatch(type -> (type.component().equals("*")
                                        || type.component().equals("text"))
                                && (type.subComponent().equals("*")
                                        || type.subComponent().equals("event-stream")));
    }

    /** The header wins: it is what a reconnecting client knows now, while its URL says what it knew first. */
    private static String lastEventId(HttpServerRequest request) {
        String header = request.getHeader("Last-Event-ID");
        String id = header == null || header.isEmpty() ? request.getParam("lastEventId") : header;
        return id == null || id.isEmpty() ? null : id;
    }
}
