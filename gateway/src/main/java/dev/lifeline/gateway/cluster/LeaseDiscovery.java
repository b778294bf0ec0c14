package dev.lifeline.gateway.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.DiscoveryConfig;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import com.hazelcast.spi.discovery.integration.DiscoveryService;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Hazelcast who the others are: whoever holds a node lease. No member list, no multicast, the same on a laptop and
 * in Kubernetes. It reads what {@link NodeLease} last heard and never waits.
 */
final class LeaseDiscovery implements DiscoveryService {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseDiscovery.class);

    private final Supplier<List<Member>> members;

    private LeaseDiscovery(Supplier<List<Member>> members) {
        this.members = members;
    }

    static void install(DiscoveryConfig discovery, Supplier<List<Member>> members) {
        discovery.setDiscoveryServiceProvider(settings -> new LeaseDiscovery(members));
        // Hazelcast asks a discovery service only if a strategy is named; ours needs none, so the name leads nowhere.
        discovery.addDiscoveryStrategyConfig(new DiscoveryStrategyConfig("node-leases"));
    }

    @Override
    public void start() {}

    @Override
    public Iterable<DiscoveryNode> discoverNodes() {
        return members.get().stream()
                .filter(Member::isClustered)
                .map(LeaseDiscovery::node)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Where a node is; nowhere, if its host has no address here. One such node must not keep the others apart. */
    private static Optional<DiscoveryNode> node(Member member) {
        try {
            return Optional.of(new SimpleDiscoveryNode(new Address(member.host(), member.port())));
        } catch (UnknownHostException e) {
            LOG.atWarn().addKeyValue("node", member).log("a node lease names a host nobody knows");
            return Optional.empty();
        }
    }

    @Override
    public void destroy() {}

    @Override
    public Map<String, String> discoverLocalMetadata() {
        return Map.of();
    }
}
