package dev.lifeline.gateway.cluster;

/**
 * A living node, as its lease names it.
 *
 * @param id its name among nodes
 * @param host where the cluster reaches it
 * @param port the same
 */
public record Member(String id, String host, int port) {

    private static final String BETWEEN = "|";
    private static final int PARTS = 3;

    static Member parse(String text) {
        String[] parts = text.split("\\" + BETWEEN, PARTS);
        return new Member(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return id + BETWEEN + host + BETWEEN + port;
    }
}
