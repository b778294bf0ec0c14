package dev.lifeline.wire;

/**
 * How many bytes a parser takes before it refuses the stream. Together they bound the memory of one parser.
 *
 * @param data all data of one event, over all its lines and the LFs that join them
 * @param label one id, event type or retry time
 * @param skipped one comment or unknown field; these are passed over and not kept, but one without end is refused
 */
public record Bounds(int data, int label, int skipped) {

    /**
     * 16 MiB of data: past any JSON-RPC message seen in the wild. 8 KiB for a label: an id has to fit into a request
     * header, where servers stop at that. 1 MiB to skip: comments are short, padding against proxies is some KiB.
     */
    public static final Bounds DEFAULT = new Bounds(16 << 20, 8 << 10, 1 << 20);

    public Bounds {
        if (data < 1 || label < 1 || skipped < 1) {
            throw new IllegalArgumentException("a bound is positive");
        }
    }
}
