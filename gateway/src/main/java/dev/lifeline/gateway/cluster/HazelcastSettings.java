package dev.lifeline.gateway.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How Hazelcast is set up here: to hold a handful of entries, to notice deaths within seconds, to talk to other nodes
 * only, on one interface only, and to keep quiet.
 */
final class HazelcastSettings {

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastSettings.class);

    /** Asking the others who leads goes in rounds of so long; with its 5 s, nodes that start together wait in a row. */
    private static final int ASK_SECONDS = 1;

    private HazelcastSettings() {}

    /**
     * The settings of one attempt to join.
     *
     * @param members who else there is, asked anew each time Hazelcast looks for others
     */
    static Config of(String name, Member self, Supplier<List<Member>> members) throws UnknownHostException {
        Config config = new Config().setClusterName(name);
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        // Vert.x expects these three of Hazelcast.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        voice(config);
        patience(config);
        threads(config);
        network(config, self, members);
        serialization(config);
        return config;
    }

    private static void patience(Config config) {
        config.setProperty("hazelcast.wait.seconds.before.join", "0")
                // A frozen node that still holds a lease keeps newcomers waiting; the next attempt no longer hears of
                // it. Nodes that all begin at once have to agree who is first, which takes them long on a busy machine;
                // and who gives up too soon is not there when the others ask.
                .setProperty("hazelcast.max.join.seconds", "25")
                .setProperty("hazelcast.socket.connect.timeout.seconds", "2")
                // Defaults leave a frozen node in for a minute, and a healed split apart for five.
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.merge.first.run.delay.seconds", "3")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "3")
                // Defaults let a call to a frozen node block its thread for a minute, and leaving for ten.
                .setProperty("hazelcast.operation.call.timeout.millis", "10000")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "2");
    }

    /**
     * To a data grid the death of a member is severe, and worth a dozen warnings; here it costs nothing that matters,
     * and {@link Cluster} and {@link NodeLease} say in a line each what it comes to. Hazelcast's own words are there at
     * debug, for those who look.
     */
    private static void voice(Config config) {
        config.setProperty("hazelcast.logging.type", LOG.isDebugEnabled() ? "slf4j" : "none")
                .setProperty("hazelcast.phone.home.enabled", "false");
    }

    /** It holds a handful of entries: no need for thread pools the size of the machine, nor for watching them. */
    private static void threads(Config config) {
        config.setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.partition.count", "31")
                .setProperty("hazelcast.operation.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2")
                .setProperty("hazelcast.operation.response.thread.count", "1")
                .setProperty("hazelcast.event.thread.count", "1")
                .setProperty("hazelcast.io.thread.count", "1")
                .setProperty("hazelcast.io.balancer.interval.seconds", "0")
                .setProperty("hazelcast.slow.operation.detector.enabled", "false")
                .setProperty("hazelcast.health.monitoring.level", "OFF");
    }

    /** One socket, which speaks with members alone: no client protocol, no REST, no memcache. */
    private static void network(Config config, Member self, Supplier<List<Member>> members)
            throws UnknownHostException {
        config.setProperty("hazelcast.discovery.enabled", "true")
                // Without it Hazelcast listens on every interface, whatever the interface list says.
                .setProperty("hazelcast.socket.bind.any", "false");
        ServerSocketEndpointConfig socket = new ServerSocketEndpointConfig()
                .setPort(self.port())
                .setPortAutoIncrement(false)
                .setReuseAddress(true)
                .setPublicAddress(self.address());
        socket.getInterfaces()
                .setEnabled(true)
                .addInterface(InetAddress.getByName(self.host()).getHostAddress());
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
        network.setMemberEndpointConfig(socket);
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false).setConnectionTimeoutSeconds(ASK_SECONDS);
        LeaseDiscovery.install(join.getDiscoveryConfig(), members);
    }

    /** What may be read from the network: Vert.x's entries, Hazelcast's own messages, and the failures both report. */
    private static void serialization(Config config) {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes("io.vertx.spi.cluster.hazelcast.", "com.hazelcast.", "java.lang.", "java.util.", "[");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    }
}
