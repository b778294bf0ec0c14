package dev.lifeline.gateway.cluster;

import dev.lifeline.gateway.session.NodeId;
import java.util.Optional;

/**
 * A living node, as its lease names it.
 *
 * @param id see {@link NodeId}
 * @param host where the cluster reaches it
 * @param port the same; 0 for a node that takes no part in the cluster
 */
public record Member(String id, String host, int port) {

    private static final String BETWEEN = "|";
    private static final int PARTS = 3;
    private static final int LAST_PORT = 65535;

    /** Reads what {@link #toString()} printed; a lease that says anything else is none of ours. */
    static Optional<Member> parse(String text) {
        String[] parts = text.split("\\" + BETWEEN, PARTS);
        if (parts.length < PARTS || parts[0].isEmpty() || parts[1].isEmpty() || !parts[2].matches("\\d{1,5}")) {
            return Optional.empty();
        }
        Member member = new Member(parts[0], parts[1], Integer.parseInt(parts[2]));
        return Optional.of(member).filter(known -> known.port() <= LAST_PORT);
    }

    /** What people call it. */
    public String name() {
        return NodeId.nameOf(id);
    }

    boolean isClustered() {
        return port != 0;
    }

    /** Host and port as one text, an IPv6 address in brackets. */
    String address() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    @Override
    public String toString() {
        return id + BETWEEN + host + BETWEEN + port;
    }
}
