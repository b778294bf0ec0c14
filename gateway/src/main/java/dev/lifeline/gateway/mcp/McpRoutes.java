package dev.lifeline.gateway.mcp;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What of MCP leads where, on one event loop: both doors, for the default upstream and for each by its name. */
public final class McpRoutes {

    /** Before every other handler of failures. */
    private static final int FIRST = -1;

    private final Means means;
    private final List<Door> doors = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();

    /**
     * The routes to these upstreams.
     *
     * @param upstreams by their names; the first is the default one
     */
    public McpRoutes(Means means, List<String> upstreams) {
        this.means = means;
        String prefix = means.settings().externalPrefix();
        doors.add(new Door(upstreams.get(0), "", prefix));
        upstreams.forEach(name -> doors.add(new Door(name, "/" + name, prefix)));
    }

    /** What clients use. The handler says who they are. */
    public void mount(Router router, Handler<RoutingContext> authentication) {
        router.route().order(FIRST).failureHandler(new RpcProblems(this::isOurs));
        for (Door door : doors) {
            streamable(router, authentication, door);
            if (means.settings().legacy()) {
                legacy(router, authentication, door);
            } else {
                closed(router, door);
            }
        }
    }

    /** What operators use. The handler lets only them pass. */
    public void mountOperations(Router router, Handler<RoutingContext> guard) {
        TellRoute tell = new TellRoute(means.ports(), means.body());
        router.post("/sessions/messages").handler(guard).handler(tell);
        router.post("/sessions/:session/messages").handler(guard).handler(tell);
    }

    private boolean isOurs(String path) {
        return paths.contains(path) || doors.stream().anyMatch(door -> path.startsWith(door.path() + "/sse/"));
    }

    private void streamable(Router router, Handler<RoutingContext> authentication, Door door) {
        String path = door.path() + "/mcp";
        ModernRoute modern = new ModernRoute(means, door);
        router.post(path).handler(authentication).handler(new StreamablePost(means, door, modern));
        router.get(path)
                .handler(authentication)
                .handler(listen(context -> StreamableVisit.of(
                        context, means.ports(), means.reception().caller(context, door.upstream()))));
        router.delete(path).handler(authentication).handler(context -> end(context, door));
        refuseOthers(router, path, "GET, POST, DELETE");
    }

    private void legacy(Router router, Handler<RoutingContext> authentication, Door door) {
        Handler<RoutingContext> mark = context -> {
            means.node().deprecations().mark(context.response(), door);
            context.next();
        };
        ListenRoute listen = listen(context ->
                LegacyVisit.of(context, means.ports(), means.settings(), Arrival.of(context, means.reception(), door)));
        for (String path : List.of(door.path() + "/sse", door.path() + "/sse/:key")) {
            router.get(path).handler(authentication).handler(mark).handler(listen);
            refuseOthers(router, path, "GET");
        }
        LegacyPost post = new LegacyPost(means, door);
        for (String path : List.of(door.path() + "/messages", door.path() + "/message")) {
            router.post(path).handler(authentication).handler(post);
            refuseOthers(router, path, "POST");
        }
        String acknowledge = door.path() + "/messages/ack";
        router.post(acknowledge).handler(authentication).handler(new AcknowledgeRoute(means, door));
        refuseOthers(router, acknowledge, "POST");
    }

    /** Where the legacy door was: whoever still knocks is told where to go. */
    private void closed(Router router, Door door) {
        String successor = means.settings().deprecation().successor().orElse(door.successor());
        for (String path : List.of("/sse", "/sse/:key", "/messages", "/message", "/messages/ack")) {
            paths.add(door.path() + path);
            router.route(door.path() + path).handler(context -> context.fail(Refusal.gone(successor)));
        }
    }

    private ListenRoute listen(Function<RoutingContext, Visit> door) {
        return new ListenRoute(means.ports(), means.reception(), means.node().attendances(), door);
    }

    private void end(RoutingContext context, Door door) {
        if (Revision.isModern(McpHeaders.value(context.request(), McpHeaders.VERSION))) {
            throw Refusal.notAllowed("POST");
        }
        String session = McpHeaders.value(context.request(), McpHeaders.SESSION);
        if (session == null) {
            throw Refusal.sessionMissing();
        }
        means.ports()
                .sessions()
                .close(means.reception().caller(context, door.upstream()), session)
                .onSuccess(closed -> means.node().attendances().end(session))
                .compose(closed -> context.response().setStatusCode(204).end())
                .onFailure(context::fail);
    }

    private void refuseOthers(Router router, String path, String allowed) {
        paths.add(path);
        router.route(path).handler(context -> {
            if (context.request().method() == HttpMethod.OPTIONS) {
                context.response()
                        .setStatusCode(204)
                        .putHeader(HttpHeaders.ALLOW, allowed)
                        .end();
            } else {
                context.fail(Refusal.notAllowed(allowed));
            }
        });
    }
}
