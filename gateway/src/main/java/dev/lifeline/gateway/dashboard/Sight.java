package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.AllConnections;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.session.NodeId;
import dev.lifeline.gateway.session.Parts;
import dev.lifeline.gateway.stream.Hub;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;

/** The parts of a node that its operators may look at. */
public record Sight(
        Identity identity,
        Log log,
        Hub hub,
        Parts sessions,
        AllConnections connections,
        MeterRegistry registry,
        Standing standing) {

    /**
     * What does not change while the node runs.
     *
     * @param logKind where events are kept: memory or redis
     */
    public record Identity(String node, String version, Instant startedAt, String logKind) {}

    /** What only the whole node knows of itself. */
    public interface Standing {

        boolean draining();

        /** Whether it is in the cluster, so that events get from node to node at once. */
        boolean joined();

        List<UpstreamView> upstreams();
    }

    /**
     * How an upstream fares, as far as its streams tell.
     *
     * @param kind streamable, sse or stdio
     * @param place its URL or its program, without what might be secret
     * @param trouble reconnecting or failing; null where there is none
     * @param lastFailure when and why, or null
     */
    public record UpstreamView(
            String name, String kind, String place, String trouble, long reconnections, String lastFailure) {}

    /** What other nodes know this one by. */
    String node() {
        return identity.node();
    }

    String name() {
        return NodeId.nameOf(identity.node());
    }

    String status() {
        if (standing.draining()) {
            return "draining";
        }
        return log.available() ? "up" : "degraded";
    }
}
