package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.session.UnknownSession;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.gateway.stream.Terms;
import dev.lifeline.wire.SseEncoder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A GET becomes a stream, at either door. While the store is away, so that nobody can say whose it is, it is taken all
 * the same and kept warm: a client that meets an error when it comes back gives up for good.
 */
final class ListenRoute implements Handler<RoutingContext> {

    private static final Duration COME_BACK_LATER = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 500;

    private final McpPorts ports;
    private final Reception reception;
    private final Attendances attendances;
    private final Function<RoutingContext, Visit> door;

    ListenRoute(McpPorts ports, Reception reception, Attendances attendances, Function<RoutingContext, Visit> door) {
        this.ports = ports;
        this.reception = reception;
        this.attendances = attendances;
        this.door = door;
    }

    /** The place comes first: who is sent away must not leave a session behind. */
    @Override
    public void handle(RoutingContext context) {
        Visit visit = door.apply(context);
        Admission admission = reception.admit(context);
        if (admission instanceof Admission.Place place) {
            enter(context, visit, place);
        } else if (visit.comesBack()) {
            sendAway(context, visit);
        } else {
            throw Problem.tooManyConnections(((Admission.Refused) admission).limit());
        }
    }

    private void enter(RoutingContext context, Visit visit, Admission.Place place) {
        visit.look().onComplete(found -> {
            if (found.succeeded()) {
                listen(visit, found.result(), open(context, visit, place));
            } else if (found.cause() instanceof LogUnavailable) {
                hold(visit, open(context, visit, place));
            } else {
                place.release();
                context.fail(found.cause());
            }
        });
    }

    private Connection open(RoutingContext context, Visit visit, Admission.Place place) {
        return reception.connections().open(context.request(), visit.dialect(), reception.visitor(context, place));
    }

    /** An empty stream, and where it is understood when to try again. */
    private static void sendAway(RoutingContext context, Visit visit) {
        byte[] words = visit.dialect() instanceof PollingDialect ? SseEncoder.retry(COME_BACK_LATER) : Comments.NOTHING;
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, McpHeaders.EVENTS)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(Buffer.buffer(words));
    }

    private void listen(Visit visit, Visit.Hearing hearing, Connection connection) {
        Start start = hearing.start();
        if (start.kind() == Start.Kind.AFTER) {
            connection.position(start.cursor());
        }
        say(hearing.again(), connection);
        Connections connections = reception.connections();
        Terms terms = new Terms(hearing.framing(), true);
        if (!hearing.own()) {
            connection.feedFrom(ports.hub().attach(hearing.stream(), terms, start, connection, connections.loop()));
            return;
        }
        Attendance attendance = new Attendance(ports.sessions(), hearing.session(), connection, connections.loop());
        attendances.add(hearing.session().id(), attendance);
        attendance.begin(
                ports.hub().attach(hearing.stream(), terms, start, attendance, connections.loop()), attendances);
    }

    private static void say(byte[] bytes, Connection connection) {
        if (bytes.length > 0) {
            Frames frames = Frames.aside(bytes);
            connection.write(frames);
            frames.release();
        }
    }

    private void hold(Visit visit, Connection connection) {
        if (visit.claimed() != null) {
            connection.position(visit.claimed());
        }
        lookAgain(visit, connection);
    }

    private void lookAgain(Visit visit, Connection connection) {
        long wait = LOOK_AGAIN_MILLIS + ThreadLocalRandom.current().nextLong(LOOK_AGAIN_MILLIS);
        Connections connections = reception.connections();
        connections.loop().schedule(() -> look(visit, connection), wait, TimeUnit.MILLISECONDS);
    }

    private void look(Visit visit, Connection connection) {
        if (!connection.isOpen()) {
            return;
        }
        visit.look()
                .onComplete(found -> reception.connections().loop().execute(() -> {
                    if (!connection.isOpen()) {
                        return;
                    }
                    if (found.succeeded()) {
                        listen(visit, found.result(), connection);
                    } else if (found.cause() instanceof LogUnavailable) {
                        lookAgain(visit, connection);
                    } else {
                        // Asking again it will be told why, with a status.
                        boolean gone = found.cause() instanceof UnknownSession;
                        connection.end(gone ? CloseReason.SESSION_ENDED : CloseReason.COMPLETED);
                    }
                }));
    }
}
