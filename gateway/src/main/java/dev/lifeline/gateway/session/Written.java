package dev.lifeline.gateway.session;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the links of clients that cannot say so themselves have been written to, noted in the store a few times a
 * second: what a survivor of this node goes by.
 */
final class Written {

    private static final Duration EVERY = Duration.ofMillis(100);

    private final Means means;
    private final Map<String, String> fresh = new ConcurrentHashMap<>();

    Written(Means means) {
        this.means = means;
        means.time().every(EVERY, this::note);
    }

    void note(String session, String position) {
        fresh.put(session, position);
    }

    void forget(String session) {
        fresh.remove(session);
    }

    private void note() {
        for (Map.Entry<String, String> entry : fresh.entrySet()) {
            if (fresh.remove(entry.getKey(), entry.getValue())) {
                means.store().written(entry.getKey(), entry.getValue());
            }
        }
    }
}
