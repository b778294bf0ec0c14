package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.security.Origins;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The one path of Streamable HTTP: who may come, what for, and in which session. */
final class Endpoint {

    static final String PATH = "/mcp";

    private static final String SESSION = "Mcp-Session-Id";
    private static final int LARGEST_BODY = 4 << 20;
    private static final Duration SLOWEST_BODY = Duration.ofSeconds(30);
    private static final int NO_SESSION = -32001;

    private final Origins origins = Origins.byDefault(DemoUpstream.HOST, false);
    private final Set<EventStream> streams = new HashSet<>();
    private final BoundedBody bodies;
    private final Guests guests;
    private final Posts posts;

    Endpoint(Vertx vertx, Methods methods, Audience audience) {
        Timer timer = (millis, what) -> {
            long id = vertx.setTimer(millis, fired -> what.run());
            return () -> vertx.cancelTimer(id);
        };
        this.bodies = new BoundedBody(vertx, LARGEST_BODY, SLOWEST_BODY);
        this.guests = new Guests(audience);
        this.posts = new Posts(methods, timer, guests, streams);
    }

    void handle(HttpServerRequest request) {
        List<String> named = request.headers().getAll("Origin");
        boolean known = request.authority() != null
                && origins.allowsHost(request.authority().toString());
        if (!known || named.size() > 1 || !origins.allowsOrigin(named.stream().findFirst())) {
            refuse(request.response(), 403, Rpc.INVALID_REQUEST, "not from this page or by this name");
        } else if (!PATH.equals(request.path())) {
            refuse(request.response(), 404, Rpc.INVALID_REQUEST, "the endpoint is " + PATH);
        } else if (request.method() == HttpMethod.POST) {
            posted(request);
        } else if (request.method() == HttpMethod.GET) {
            known(request).ifPresent(guest -> listens(request, guest));
        } else if (request.method() == HttpMethod.DELETE) {
            known(request).ifPresent(guest -> {
                guests.dismiss(guest);
                request.response().setStatusCode(204).end();
            });
        } else {
            request.response().putHeader("Allow", "POST, GET, DELETE");
            refuse(request.response(), 405, Rpc.INVALID_REQUEST, "not with this method");
        }
    }

    private void posted(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        bodies.read(request)
                .onSuccess(body -> posts.take(request, body, () -> known(request)))
                .onFailure(failure -> {
                    int status = failure instanceof Problem problem ? problem.status() : 400;
                    response.putHeader("Connection", "close");
                    refuse(response, status, Rpc.INVALID_REQUEST, failure.getMessage());
                });
    }

    /** Whose request it is; who is nobody's has been answered. */
    private Optional<Guest> known(HttpServerRequest request) {
        String id = request.getHeader(SESSION);
        if (id == null) {
            refuse(request.response(), 400, Rpc.INVALID_REQUEST, SESSION + " is missing; begin with initialize");
            return Optional.empty();
        }
        Optional<Guest> guest = guests.find(id);
        if (guest.isEmpty()) {
            refuse(request.response(), 404, NO_SESSION, "there is no such session; begin with initialize");
        }
        return guest;
    }

    private void listens(HttpServerRequest request, Guest guest) {
        String accept = request.getHeader("Accept");
        if (accept == null || !accept.contains("text/event-stream")) {
            refuse(request.response(), 406, Rpc.INVALID_REQUEST, "the answer is text/event-stream: accept it");
            return;
        }
        EventStream stream = new EventStream(request.response(), streams);
        request.response().closeHandler(closed -> guest.lost(stream));
        guest.listens(stream);
    }

    static void refuse(HttpServerResponse response, int status, int code, String text) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(Rpc.error(null, code, text).encode());
        }
    }

    /** Now and then: a sign of life on every stream, and an end to sessions nobody comes back to. */
    void tend() {
        List.copyOf(streams).forEach(EventStream::beat);
        guests.dismissTheForgetful();
    }

    void close() {
        guests.dismissAll();
        List.copyOf(streams).forEach(EventStream::end);
    }
}
