package dev.lifeline.gateway.config;

import dev.lifeline.gateway.config.GatewayConfig.Upstream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the records of the MCP servers behind us out of values that are known to be valid. */
final class UpstreamAssembly {

    private static final String DEMO = "demo";

    private UpstreamAssembly() {}

    static GatewayConfig.Upstreams of(Values values) {
        return new GatewayConfig.Upstreams(
                all(values),
                new GatewayConfig.UpstreamTimes(
                        values.get(UpstreamOptions.UPSTREAM_TIMEOUT),
                        Optional.of(values.get(UpstreamOptions.UPSTREAM_IDLE_TIMEOUT))
                                .filter(some -> !some.isZero()),
                        values.get(UpstreamOptions.UPSTREAM_PATIENCE)),
                new GatewayConfig.UpstreamRetry(
                        values.get(UpstreamOptions.UPSTREAM_RETRY_INITIAL),
                        values.get(UpstreamOptions.UPSTREAM_RETRY_MAX),
                        values.get(UpstreamOptions.UPSTREAM_RETRY_TRIES)),
                values.get(UpstreamOptions.MAX_UPSTREAM_MESSAGE),
                values.get(UpstreamOptions.STDIO_MAX_PROCESSES));
    }

    static List<GatewayConfig.Feed> feeds(Values values) {
        List<UpstreamHeader> headers = values.get(FeedOptions.FEED_HEADERS);
        return values.get(FeedOptions.FEED).stream()
                .map(url -> new GatewayConfig.Feed(url.name(), url.reveal(), headersOf(url, headers)))
                .toList();
    }

    private static List<Upstream> all(Values values) {
        List<UpstreamHeader> headers = values.get(UpstreamOptions.UPSTREAM_HEADERS);
        Stream<Upstream> reached = values.get(UpstreamOptions.UPSTREAM).stream()
                .map(url -> new Upstream.Http(url.name(), url.reveal(), url.legacy(), headersOf(url, headers)));
        Stream<Upstream> started = values.get(UpstreamOptions.STDIO).stream()
                .map(command -> new Upstream.Stdio(command.name(), command.words()));
        List<Upstream> all = Stream.concat(reached, started).toList();
        return all.isEmpty() ? List.of(new Upstream.Demo(DEMO)) : all;
    }

    private static List<GatewayConfig.Header> headersOf(UpstreamUrl url, List<UpstreamHeader> headers) {
        return headers.stream()
                .filter(header -> header.isFor(url.name()))
                .map(header -> new GatewayConfig.Header(header.name(), header.value()))
                .toList();
    }
}
