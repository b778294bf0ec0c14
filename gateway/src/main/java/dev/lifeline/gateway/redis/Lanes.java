package dev.lifeline.gateway.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets one call of a lane through at a time. For a Redis Cluster, where calls sent in order are not carried out in order
 * while slots move: the client follows each redirection on its own.
 */
final class Lanes {

    private final Map<String, Deque<RedisCall>> following = new HashMap<>();

    /** Whether the call may go now; otherwise it is kept until those before it have left. */
    boolean enter(RedisCall call) {
        Deque<RedisCall> others = following.get(call.lane());
        if (others == null) {
            following.put(call.lane(), new ArrayDeque<>(1));
            return true;
        }
        others.addLast(call);
        return false;
    }

    /** Takes note that a call is through, and returns the one that may go now, or null. */
    RedisCall leave(RedisCall call) {
        RedisCall next = following.get(call.lane()).pollFirst();
        if (next == null) {
            following.remove(call.lane());
        }
        return next;
    }

    /** Takes out all that were kept. */
    List<RedisCall> clear() {
        List<RedisCall> kept = new ArrayList<>();
        following.values().forEach(kept::addAll);
        following.clear();
        return kept;
    }
}
