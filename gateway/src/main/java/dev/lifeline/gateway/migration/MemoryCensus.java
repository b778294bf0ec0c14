package dev.lifeline.gateway.migration;

import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The census of a node on its own. For every thread. */
public final class MemoryCensus implements Census {

    private static final Comparator<Entry> NEWEST =
            Comparator.comparing(Entry::lastSeen).reversed();

    private final Bounds bounds;
    private final InstantSource clock;

    // Guarded by itself.
    private final Map<Guest, Entry> entries = new HashMap<>();

    public MemoryCensus(Bounds bounds, InstantSource clock) {
        this.bounds = bounds;
        this.clock = clock;
    }

    @Override
    public Future<Void> add(Collection<Entry> seen) {
        synchronized (entries) {
            seen.forEach(entry -> entries.merge(entry.guest(), entry, Entry::and));
            forget();
            return Future.succeededFuture();
        }
    }

    @Override
    public Future<List<Entry>> entries() {
        synchronized (entries) {
            forget();
            return Future.succeededFuture(
                    entries.values().stream().sorted(NEWEST).toList());
        }
    }

    private void forget() {
        Instant oldest = clock.instant().minus(bounds.kept());
        entries.values().removeIf(entry -> entry.lastSeen().isBefore(oldest));
        if (entries.size() > bounds.most()) {
            List<Entry> all = entries.values().stream().sorted(NEWEST).toList();
            all.subList(bounds.most(), all.size()).forEach(entry -> entries.remove(entry.guest()));
        }
    }
}
