package dev.lifeline.gateway.migration;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Who used which transport, of all nodes together. Bounded in both directions: when there are too many entries, those go
 * that were not seen for longest, and each goes when it was not seen for long.
 */
public interface Census {

    /**
     * Its bounds.
     *
     * @param most entries
     * @param kept how long an entry stays after its guest was last seen
     */
    record Bounds(int most, Duration kept) {}

    /** Adds what was seen to what is known. */
    Future<Void> add(Collection<Entry> seen);

    /** All that is known, those seen last first. */
    Future<List<Entry>> entries();
}
