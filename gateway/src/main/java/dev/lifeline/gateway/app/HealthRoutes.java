package dev.lifeline.gateway.app;

import dev.lifeline.gateway.metrics.MicrometerMetrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * {@code /health}: how this node is. Live means the process answers; ready means it should be sent clients: it is not
 * draining. A node whose log is away is degraded, and still ready: all nodes lose sight of it together, and clients that a
 * proxy then turns away with an error of its own may never come back.
 */
final class HealthRoutes {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Node node;
    private final BooleanSupplier draining;

    HealthRoutes(Node node, BooleanSupplier draining) {
        this.node = node;
        this.draining = draining;
    }

    Handler<RoutingContext> live() {
        return context -> answer(context, OK, new JsonObject().put("status", "up"));
    }

    Handler<RoutingContext> ready() {
        return context -> answer(context, isReady() ? OK : UNAVAILABLE, new JsonObject().put("status", status()));
    }

    Handler<RoutingContext> detail() {
        return context -> answer(context, isReady() ? OK : UNAVAILABLE, describe());
    }

    private boolean isReady() {
        return !draining.getAsBoolean();
    }

    private String status() {
        if (draining.getAsBoolean()) {
            return "draining";
        }
        return node.log().available() ? "up" : "degraded";
    }

    private JsonObject describe() {
        return new JsonObject()
                .put("status", status())
                .put("node", node.name())
                .put(
                        "uptime_seconds",
                        Duration.between(node.startedAt(), Instant.now()).toSeconds())
                .put("log", new JsonObject().put("available", node.log().available()))
                .put("cluster", cluster())
                .put("sse", sse())
                .put("feeds", feeds())
                .put(
                        "mcp",
                        new JsonObject()
                                .put("sessions_held", node.mcp().sessions().held()));
    }

    private JsonObject cluster() {
        return new JsonObject()
                .put("nodes", new JsonArray(node.neighbours().alive(node.name())))
                .put("relay", node.neighbours().joined() ? "joined" : "off");
    }

    private JsonArray feeds() {
        JsonArray feeds = new JsonArray();
        node.feeds()
                .reports()
                .forEach(feed ->
                        feeds.add(new JsonObject().put("name", feed.name()).put("state", feed.state())));
        return feeds;
    }

    private JsonObject sse() {
        MicrometerMetrics metrics = node.telemetry().metrics();
        return new JsonObject()
                .put("active_connections", metrics.activeConnections())
                .put("total_connections", metrics.totalConnections())
                .put("heartbeat_success_rate", metrics.heartbeatSuccessRate())
                .put("average_connection_duration", metrics.averageConnectionSeconds())
                .put("buffer_utilization", node.hub().ringUtilization());
    }

    private static void answer(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
