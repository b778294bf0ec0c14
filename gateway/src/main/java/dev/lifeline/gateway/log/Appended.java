package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where an append landed.
 *
 * @param first position of the first event; the others follow it
 * @param repeated whether it had landed before, under the same key: then nothing new is to be delivered
 * @param nodes which nodes have readers of the stream
 * @param settled whether what it put an end to was dropped with it; a log that keeps nothing else leaves that to others
 */
public record Appended(Cursor first, int count, boolean repeated, List<String> nodes, boolean settled) {

    public Appended(Cursor first, int count, boolean repeated, List<String> nodes) {
        this(first, count, repeated, nodes, false);
    }

    public List<Cursor> cursors() {
        return LongStream.range(0, count).mapToObj(first::plus).toList();
    }
}
