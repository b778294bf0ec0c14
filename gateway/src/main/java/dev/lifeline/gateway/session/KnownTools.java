package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.ToolTraits;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What upstreams said of their tools, learnt from the lists that pass by: which of them may be called twice. */
final class KnownTools {

    private static final int MOST_NAMES = 10_000;

    private final Map<String, Set<String>> safe = new ConcurrentHashMap<>();

    /** The safe tools of an upstream, as far as this node has seen its list. */
    Set<String> of(String upstream) {
        return safe.getOrDefault(upstream, Set.of());
    }

    /** Takes note of a result of {@code tools/list}; a page of it tells of its own tools alone. */
    void learn(String upstream, Message answer) {
        ToolTraits traits = ToolTraits.of(answer.text());
        Set<String> known = safe.computeIfAbsent(upstream, name -> ConcurrentHashMap.newKeySet());
        known.removeAll(traits.names());
        if (known.size() + traits.safe().size() <= MOST_NAMES) {
            known.addAll(traits.safe());
        }
    }
}
