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
import java.util.function.Supplier;

/**
 * Tells Hazelcast who the others are: whoever holds a node lease. No member list, no multicast, the same on a laptop and
 * in Kubernetes. It reads what {@link NodeLease} last heard and never waits.
 */
final class LeaseDiscovery implements DiscoveryService {

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
        return members.get().stream().map(LeaseDiscovery::node).toList();
    }

    private static DiscoveryNode node(Member member) {
        try {
            return new SimpleDiscoveryNode(new Address(member.host(), member.port()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a node lease names a host nobody knows: " + member.host(), e);
        }
    }

    @Override
    public void destroy() {}

    @Override
    public Map<String, String> discoverLocalMetadata() {
        return Map.of();
    }
}
