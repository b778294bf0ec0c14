package dev.lifeline.gateway.stream;

/**
 * What kind of stream a reader attends. All readers of one stream come with the same.
 *
 * @param exclusive whether it has one reader at a time in the whole cluster: the newest, and the one before is told
 *     that it was superseded
 */
public record Terms(Framing framing, boolean exclusive) {

    /** A stream for everybody, without an end: a channel. */
    public static final Terms PLAIN = new Terms(Framing.PLAIN, false);
}
