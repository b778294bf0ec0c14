package dev.lifeline.retry;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers the last ids of a stream, so that what a server sends again after a reconnect is recognised. An id counts as
 * new once so many others came after it that it is forgotten; a server that begins to count anew is met with
 * {@link #clear}. Belongs to one thread.
 */
public final class RecentIds {

    private final String[] ring;
    private final Map<String, Integer> places = new HashMap<>();
    private int next;

    public RecentIds(int most) {
        this.ring = new String[most];
    }

    /** Takes note of an id; says whether it is new. What has no id is always new, and so is what has an empty one. */
    public boolean firstTime(String id) {
        if (id == null || id.isEmpty()) {
            return true;
        }
        Integer place = places.put(id, next);
        if (place != null) {
            // It moves to the newest place, and must not be forgotten with its old one.
            ring[place] = null;
        }
        String oldest = ring[next];
        if (oldest != null) {
            places.remove(oldest);
        }
        ring[next] = id;
        next = (next + 1) % ring.length;
        return place == null;
    }

    /** Forgets all: the ids to come are of another count. */
    public void clear() {
        Arrays.fill(ring, null);
        places.clear();
        next = 0;
    }
}
