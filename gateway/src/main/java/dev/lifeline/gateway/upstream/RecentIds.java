package dev.lifeline.gateway.upstream;

import java.util.LinkedHashSet;

/** The last ids seen of a stream. Lives on its context. */
final class RecentIds {

    private final LinkedHashSet<String> ids = new LinkedHashSet<>();
    private final int most;

    RecentIds(int most) {
        this.most = most;
    }

    boolean add(String id) {
        if (!ids.add(id)) {
            return false;
        }
        if (ids.size() > most) {
            ids.remove(ids.iterator().next());
        }
        return true;
    }
}
