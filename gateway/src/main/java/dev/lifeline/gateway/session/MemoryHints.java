package dev.lifeline.gateway.session;

import dev.lifeline.gateway.session.Session.Transport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The ways to the sessions of {@link MemorySessions} other than their ids. Entries go with their session. */
final class MemoryHints {

    private final Map<List<String>, Set<String>> origins = new ConcurrentHashMap<>();
    private final Map<List<String>, String> keys = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> parts = new ConcurrentHashMap<>();

    void add(Session session) {
        Session.Owner owner = session.owner();
        if (owner.transport() == Transport.LEGACY && owner.origin() != null) {
            origins.compute(List.of(owner.principal(), owner.origin()), (origin, ids) -> with(ids, session.id()));
        }
        if (owner.key() != null) {
            keys.put(List.of(owner.principal(), session.upstream(), owner.key()), session.id());
        }
    }

    void drop(Session session) {
        Session.Owner owner = session.owner();
        if (owner.transport() == Transport.LEGACY && owner.origin() != null) {
            origins.computeIfPresent(
                    List.of(owner.principal(), owner.origin()), (origin, ids) -> without(ids, session.id()));
        }
        if (owner.key() != null) {
            keys.remove(List.of(owner.principal(), session.upstream(), owner.key()), session.id());
        }
        parts.keySet().forEach(node -> leave(node, session.id()));
    }

    Set<String> from(String principal, String origin) {
        return origins.getOrDefault(List.of(principal, origin), Set.of());
    }

    /** The id that goes by a key, or null. */
    String byKey(String principal, String upstream, String key) {
        return keys.get(List.of(principal, upstream, key));
    }

    void involve(String node, String id) {
        parts.compute(node, (same, ids) -> with(ids, id));
    }

    void leave(String node, String id) {
        parts.computeIfPresent(node, (same, ids) -> without(ids, id));
    }

    Set<String> involved(String node) {
        return Set.copyOf(parts.getOrDefault(node, Set.of()));
    }

    Set<String> nodesInvolved() {
        return Set.copyOf(parts.keySet());
    }

    void clear() {
        origins.clear();
        keys.clear();
        parts.clear();
    }

    private static Set<String> with(Set<String> ids, String id) {
        Set<String> all = ids == null ? ConcurrentHashMap.newKeySet(2) : ids;
        all.add(id);
        return all;
    }

    private static Set<String> without(Set<String> ids, String id) {
        ids.remove(id);
        return ids.isEmpty() ? null : ids;
    }
}
