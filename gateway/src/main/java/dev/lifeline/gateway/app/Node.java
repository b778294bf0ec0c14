package dev.lifeline.gateway.app;

import dev.lifeline.gateway.cluster.Cluster;
import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.feed.Feeds;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.metrics.MicrometerMetrics;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.stream.Hub;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;

/**
 * The parts of one node that its routes ask: made once, before the first port opens.
 */
record Node(
        String id,
        Instant startedAt,
        Log log,
        Hub hub,
        ConnectionLimits limits,
        Telemetry telemetry,
        Neighbours neighbours,
        Mcp mcp,
        Feeds feeds) {

    /** What is measured, and where it is collected. */
    record Telemetry(PrometheusMeterRegistry registry, MicrometerMetrics metrics) {}

    /**
     * The other nodes, as far as there can be any.
     *
     * @param lease null on a node without Redis
     * @param cluster null on a node on its own
     */
    record Neighbours(NodeLease lease, Cluster cluster) {

        List<String> alive(String self) {
            return lease == null
                    ? List.of(self)
                    : lease.members().stream().map(Member::id).toList();
        }
    }
}
