package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table about being one node of several. */
final class ClusterOptions {

    static final Option<Boolean> CLUSTER = option("cluster", Kind.onOff(), "true")
            .means("Find the other nodes through Redis and pass events on to them at once. Without redis it "
                    + "has no effect.")
            .because("Nodes with the same Redis belong together; a lone node loses next to nothing.");

    static final Option<String> CLUSTER_HOST = option("cluster_host", Kinds.HOST, "127.0.0.1")
            .means("Address the other nodes reach this one at. Whoever reaches its cluster port is trusted: "
                    + "keep that network private.")
            .because("Safe until you say which network is private; across machines it must be set.");

    static final Option<Integer> CLUSTER_PORT = option("cluster_port", Kinds.PORT, "0")
            .means("Port for the other nodes; 0 takes a free one.")
            .because("Nodes tell each other through Redis; fix it only for a firewall.");

    static final Option<String> CLUSTER_NAME = option("cluster_name", Kinds.NAME, "lifeline")
            .means("Name of the cluster; nodes of another name are not let in.")
            .because("A stray node must not join by mistake.");

    static final Option<Optional<String>> NODE_ID = option("node_id", Kinds.NAME.orNothing(), "")
            .means("Name of this node in logs, metrics and the Lifeline-Node header; empty makes up a random one.")
            .because("Two nodes must never share a name, and random ones do not.");

    static final Option<Duration> NODE_LEASE = option("node_lease", Kind.duration("100ms", "10m"), "5s")
            .means("How long a node counts as alive after it last said so.")
            .because("Survivors take over within seconds, and a pause to collect garbage does not look like death.");

    static final Option<Duration> POSITION_CHECK_INTERVAL = option(
                    "position_check_interval", Kind.duration("10ms", "10m"), "5s")
            .means("How often positions are compared with the log, in case another node could not tell us of an event.")
            .because("The longest an event is late when a message between nodes is lost; checks go in batches.");

    static final List<Option<?>> ALL =
            List.of(CLUSTER, CLUSTER_HOST, CLUSTER_PORT, CLUSTER_NAME, NODE_ID, NODE_LEASE, POSITION_CHECK_INTERVAL);

    private ClusterOptions() {}
}
