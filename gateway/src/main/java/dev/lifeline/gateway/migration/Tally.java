package dev.lifeline.gateway.migration;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one node has seen and not told the census yet. Noting is a matter of memory, so that no request waits for the store;
 * the batch goes out by a timer. One that did not arrive goes again with the next: a store that took it and could not say so
 * counts it twice. For every thread.
 */
public final class Tally {

    private final Census census;
    private final int most;
    private final Map<Guest, Entry> pending = new ConcurrentHashMap<>();

    /**
     * A tally for a census.
     *
     * @param most how many guests are told apart between two batches; the rest are counted together
     */
    public Tally(Census census, int most) {
        this.census = census;
        this.most = most;
    }

    public void note(Entry seen) {
        boolean room = pending.size() < most || pending.containsKey(seen.guest());
        Entry noted = room ? seen : seen.as(seen.guest().amongOthers());
        pending.merge(noted.guest(), noted, Entry::and);
    }

    /** Tells the census. */
    public Future<Void> flush() {
        List<Entry> batch = new ArrayList<>();
        for (Guest guest : pending.keySet()) {
            Entry taken = pending.remove(guest);
            if (taken != null) {
                batch.add(taken);
            }
        }
        return batch.isEmpty()
                ? Future.succeededFuture()
                : census.add(batch).onFailure(away -> batch.forEach(this::note));
    }
}
