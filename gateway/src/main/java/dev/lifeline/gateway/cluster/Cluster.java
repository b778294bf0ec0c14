package dev.lifeline.gateway.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes: a Vert.x of its own, clustered by Hazelcast, that does nothing but relay. The gateway's own Vert.x
 * serves clients before this one has joined, after it has failed and while it blocks; until then readers elsewhere get
 * their events by position check, later but whole.
 */
public final class Cluster implements Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final String name;
    private final NodeLease lease;
    private volatile Vertx vertx;
    private volatile Relay relay = Relay.NOWHERE;

    public Cluster(String name, NodeLease lease) {
        this.name = name;
        this.lease = lease;
    }

    /** Joins the others, and takes to the hub what they relay. From a thread of its own: no Vert.x is born in another's. */
    public Future<Void> join(Hub hub) {
        Promise<Void> joined = Promise.promise();
        new Thread(() -> build(hub).onComplete(joined), "cluster-join").start();
        return joined.future();
    }

    private Future<Void> build(Hub hub) {
        return Vertx.builder()
                .with(options())
                .withClusterManager(new HazelcastClusterManager(config()))
                .buildClustered()
                .compose(clustered -> {
                    vertx = clustered;
                    EventBusRelay bus = new EventBusRelay(clustered);
                    return bus.listen(lease.self().id(), hub::deliver).onSuccess(listening -> relay = bus);
                })
                .onSuccess(joined -> LOG.atInfo().addKeyValue("name", name).log("joined the cluster"))
                .onFailure(failure ->
                        LOG.error("could not join the cluster; readers here rely on position checks", failure));
    }

    public boolean joined() {
        return relay != Relay.NOWHERE;
    }

    @Override
    public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
        relay.relay(nodes, stream, first, events);
    }

    public Future<Void> leave() {
        relay = Relay.NOWHERE;
        return vertx == null ? Future.succeededFuture() : vertx.close();
    }

    private VertxOptions options() {
        Member self = lease.self();
        EventBusOptions bus = new EventBusOptions()
                .setHost(self.host())
                .setClusterPublicHost(self.host())
                // A peer that went silent is dropped in seconds: what it misses meanwhile it will read from the log.
                .setClusterPingInterval(1000)
                .setClusterPingReplyInterval(1000);
        return new VertxOptions()
                .setEventBusOptions(bus)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setInternalBlockingPoolSize(2);
    }

    private Config config() {
        Config config = new Config().setClusterName(name);
        config.getJetConfig().setEnabled(false);
        // Vert.x expects these three of Hazelcast.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        properties(config);
        network(config.getNetworkConfig());
        serialization(config);
        return config;
    }

    private static void properties(Config config) {
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.discovery.enabled", "true")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                // Without it Hazelcast listens on every interface, whatever the interface list says.
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.max.join.seconds", "30")
                // Defaults leave a frozen node in for a minute, and a healed split apart for five.
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.merge.first.run.delay.seconds", "3")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "3")
                // It holds a handful of entries: no need for a thread pool the size of the machine.
                .setProperty("hazelcast.partition.count", "31")
                .setProperty("hazelcast.operation.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2")
                .setProperty("hazelcast.io.thread.count", "1");
    }

    private void network(NetworkConfig network) {
        Member self = lease.self();
        network.setPort(self.port()).setPortAutoIncrement(false).setPublicAddress(self.host() + ":" + self.port());
        network.getInterfaces().setEnabled(true).addInterface(self.host());
        JoinConfig join = network.getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        LeaseDiscovery.install(join.getDiscoveryConfig(), lease::members);
    }

    private static void serialization(Config config) {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist().addPrefixes("io.vertx.spi.cluster.hazelcast", "com.hazelcast", "java.lang", "java.util");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
    }
}
