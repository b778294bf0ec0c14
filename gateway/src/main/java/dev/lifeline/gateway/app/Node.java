package dev.lifeline.gateway.app;

import dev.lifeline.gateway.cluster.Cluster;
import dev.lifeline.gateway.cluster.Member;
import dev.lifeline.gateway.cluster.NodeLease;
import dev.lifeline.gateway.feed.Feeds;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.metrics.MicrometerMetrics;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.NodeId;
import dev.lifeline.gateway.stream.Hub;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The parts of one node that its routes ask: made once, before the first port opens.
 *
 * @param id what other nodes know it by
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

    /** What people call it. */
    String name() {
        return NodeId.nameOf(id);
    }

    /**
     * What is measured, and where it is collected.
     *
     * @param upstreams by name
     */
    record Telemetry(
            PrometheusMeterRegistry registry, MicrometerMetrics metrics, Map<String, UpstreamMeters> upstreams) {

        static Telemetry of(PrometheusMeterRegistry registry, MicrometerMetrics metrics) {
            return new Telemetry(registry, metrics, new ConcurrentHashMap<>());
        }

        UpstreamMeters of(String upstream) {
            return upstreams.computeIfAbsent(upstream, name -> new UpstreamMeters(registry, metrics, name));
        }
    }

    /**
     * The other nodes, as far as there can be any.
     *
     * @param lease null on a node without Redis
     * @param cluster null on a node on its own
     * @param courier carries questions to them
     */
    record Neighbours(NodeLease lease, Cluster cluster, Courier courier) {

        /** Those that can be asked, by id; without a cluster there is no way to any. */
        Set<String> others() {
            return cluster == null
                    ? Set.of()
                    : lease.members().stream()
                            .filter(member -> !member.equals(lease.self()))
                            .map(Member::id)
                            .collect(Collectors.toSet());
        }

        boolean joined() {
            return cluster != null && cluster.joined();
        }

        /** The names of those that live. */
        List<String> alive(String self) {
            return lease == null
                    ? List.of(self)
                    : lease.members().stream().map(Member::name).distinct().toList();
        }
    }
}
