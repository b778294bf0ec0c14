package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.demo.DemoUpstream;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Upstream;
import dev.lifeline.gateway.upstream.Retries;
import dev.lifeline.gateway.upstream.Room;
import dev.lifeline.gateway.upstream.SseUpstream;
import dev.lifeline.gateway.upstream.StdioUpstream;
import dev.lifeline.gateway.upstream.StreamableUpstream;
import dev.lifeline.gateway.upstream.UpstreamTerms;
import dev.lifeline.gateway.upstream.Waits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the upstreams that the configuration names; the demo is started before it is spoken to. */
final class Upstreams {

    private static final double JITTER = 0.3;
    private static final Duration NEVER = Duration.ofDays(365);

    private final Vertx vertx;
    private final GatewayConfig config;
    private final Node.Telemetry telemetry;

    Upstreams(Vertx vertx, GatewayConfig config, Node.Telemetry telemetry) {
        this.vertx = vertx;
        this.config = config;
        this.telemetry = telemetry;
    }

    /** All of them, in the order in which they were named. */
    Future<Map<String, Upstream>> make() {
        Future<Map<String, Upstream>> made = Future.succeededFuture(new LinkedHashMap<>());
        for (GatewayConfig.Upstream asked : config.upstreams().all()) {
            made = made.compose(all -> make(asked).map(upstream -> {
                all.put(upstream.name(), upstream);
                return all;
            }));
        }
        return made;
    }

    private Future<Upstream> make(GatewayConfig.Upstream asked) {
        if (asked instanceof GatewayConfig.Upstream.Http http) {
            return Future.succeededFuture(http(http));
        }
        if (asked instanceof GatewayConfig.Upstream.Stdio stdio) {
            int most = config.upstreams().maxProcesses();
            return Future.succeededFuture(
                    new StdioUpstream(vertx, stdio.name(), stdio.command(), most, terms(stdio.name())));
        }
        return DemoUpstream.start(vertx, 0)
                .map(demo -> new StreamableUpstream(
                        vertx, asked.name(), URI.create(demo.url()), Map.of(), terms(asked.name())));
    }

    private Upstream http(GatewayConfig.Upstream.Http asked) {
        Map<String, String> headers = new LinkedHashMap<>();
        asked.headers()
                .forEach(header -> headers.put(header.name(), header.value().reveal()));
        return asked.legacy()
                ? new SseUpstream(vertx, asked.name(), asked.address(), headers, terms(asked.name()))
                : new StreamableUpstream(vertx, asked.name(), asked.address(), headers, terms(asked.name()));
    }

    private UpstreamTerms terms(String name) {
        GatewayConfig.Upstreams upstreams = config.upstreams();
        Waits waits = new Waits(
                upstreams.times().connect(),
                Waits.DEFAULT.opening(),
                upstreams.times().idle().orElse(NEVER),
                Waits.DEFAULT.answering());
        Room room = new Room(Room.DEFAULT.posts(), Room.DEFAULT.streams(), upstreams.maxMessage());
        Retries retries = new Retries(
                upstreams.retry().initial(),
                upstreams.retry().max(),
                JITTER,
                upstreams.retry().tries());
        return new UpstreamTerms(
                new MessageReader(config.mcp().maxJsonDepth()), waits, room, retries, telemetry.of(name));
    }
}
