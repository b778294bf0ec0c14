package dev.lifeline.gateway.cluster;

import java.util.Optional;

/**
 * A living node, as its lease names it.
 *
 * @param id what nodes know it by: its name, and which of its lives this is. Whoever is back under its old name is
 *     somebody else: what its former life was at may be anybody's by now
 * @param host where the cluster reaches it
 * @param port the same; 0 for a node that takes no part in the cluster
 */
public record Member(String id, String host, int port) {

    private static final String BETWEEN = "|";
    private static final char LIFE = '~';
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

    /** The id of a node in one of its lives. */
    public static String id(String name, String life) {
        return name + LIFE + life;
    }

    /** What people call a node. */
    public static String nameOf(String id) {
        int end = id.lastIndexOf(LIFE);
        return end < 0 ? id : id.substring(0, end);
    }

    public String name() {
        return nameOf(id);
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
