package dev.lifeline.gateway.upstream;

/**
 * How much one upstream may take of this node.
 *
 * @param posts connections for what is sent, and its answers; so many more wait for one
 * @param streams connections for streams that stand
 * @param messageBytes the largest message taken from it
 */
public record Room(int posts, int streams, int messageBytes) {

    public static final Room DEFAULT = new Room(512, 20_000, 4 << 20);

    public Room {
        if (posts < 1 || streams < 1 || messageBytes < 1) {
            throw new IllegalArgumentException("room is positive");
        }
    }
}
