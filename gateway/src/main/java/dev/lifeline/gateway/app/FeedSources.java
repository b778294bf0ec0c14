package dev.lifeline.gateway.app;

import dev.lifeline.gateway.client.EventSourceOptions;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.feed.Feeds;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.retry.Jitter;
import dev.lifeline.retry.ReconnectPolicy;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Makes the feeds that the configuration names. They share how long, and how often, upstreams are waited for. */
final class FeedSources {

    private static final double JITTER = 0.3;
    private static final int BUDGET = 3;
    private static final Duration NEVER = Duration.ofDays(365);

    private final GatewayConfig config;
    private final Node.Telemetry telemetry;

    FeedSources(GatewayConfig config, Node.Telemetry telemetry) {
        this.config = config;
        this.telemetry = telemetry;
    }

    /** The feeds of a node; the link is null on a node on its own. */
    Feeds make(Vertx vertx, Hub hub, RedisLink link) {
        Feeds.Shared shared = link == null
                ? null
                : new Feeds.Shared(
                        link,
                        config.nodes().redis().orElseThrow().prefix(),
                        config.nodes().lease(),
                        config.buffer().positionRetention());
        return Feeds.of(
                vertx, hub, shared, config.feeds().stream().map(this::settings).toList());
    }

    private Feeds.Settings settings(GatewayConfig.Feed feed) {
        GatewayConfig.Upstreams like = config.upstreams();
        ReconnectPolicy policy = new ReconnectPolicy(
                like.retry().initial(),
                like.retry().max(),
                Jitter.factor(JITTER),
                like.retry().tries());
        EventSourceOptions source = EventSourceOptions.of(feed.source())
                .retrying(new EventSourceOptions.Retries(
                        policy, BUDGET, like.retry().max().multipliedBy(2)))
                .waiting(new EventSourceOptions.Times(
                        like.times().connect(), like.times().idle().orElse(NEVER)))
                .maxEvent(like.maxMessage());
        for (GatewayConfig.Header header : feed.headers()) {
            source = source.header(header.name(), header.value().reveal());
        }
        UpstreamMeters meters = new UpstreamMeters(telemetry.registry(), telemetry.metrics(), "feed:" + feed.name());
        return new Feeds.Settings(feed.name(), source, config.buffer().maxEventBytes(), meters);
    }
}
