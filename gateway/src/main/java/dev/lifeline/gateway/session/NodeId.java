package dev.lifeline.gateway.session;

/**
 * What nodes know each other by: a name, which is for people, and which of its lives this is. Whoever is back under its
 * old name is somebody else: what its former life was at may be anybody's by now.
 */
public final class NodeId {

    private static final char LIFE = '~';

    private NodeId() {}

    /** The id of a node that begins a life under this name. */
    public static String of(String name) {
        return name + LIFE + Tokens.STRONG.brief();
    }

    /** What people call the node of this id. */
    public static String nameOf(String id) {
        int end = id.lastIndexOf(LIFE);
        return end < 0 ? id : id.substring(0, end);
    }
}
