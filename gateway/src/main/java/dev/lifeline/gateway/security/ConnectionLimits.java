package dev.lifeline.gateway.security;

import dev.lifeline.gateway.security.Admission.Place;
import dev.lifeline.gateway.security.Admission.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts open connections in all, by address and by principal, and says when it is enough. What is open stays open.
 *
 * <p>One lock for three counters: a connection is admitted against all three or against none, and never refused for a
 * place that another one is just giving back. For every thread.
 */
public final class ConnectionLimits {

    private final int inAll;
    private final int perAddress;
    private final int perPrincipal;

    // Guarded by this.
    private int open;
    private final Map<String, Integer> byAddress = new HashMap<>();
    private final Map<String, Integer> byPrincipal = new HashMap<>();

    public ConnectionLimits(int inAll, int perAddress, int perPrincipal) {
        if (Math.min(inAll, Math.min(perAddress, perPrincipal)) < 1) {
            throw new IllegalArgumentException("a limit below 1 lets nobody in");
        }
        this.inAll = inAll;
        this.perAddress = perAddress;
        this.perPrincipal = perPrincipal;
    }

    /** Takes a place, if there is one; the anonymous principal is everybody and has no share of its own. */
    public synchronized Admission admit(String address, Principal principal) {
        Optional<Limit> reached = reached(address, principal);
        if (reached.isPresent()) {
            return new Refused(reached.get());
        }
        open++;
        byAddress.merge(address, 1, Integer::sum);
        byPrincipal.merge(principal.name(), 1, Integer::sum);
        AtomicBoolean held = new AtomicBoolean(true);
        return (Place) () -> {
            if (held.compareAndSet(true, false)) {
                release(address, principal);
            }
        };
    }

    public synchronized int open() {
        return open;
    }

    /** How many addresses and principals are remembered; zero when nothing is open. */
    synchronized int remembered() {
        return byAddress.size() + byPrincipal.size();
    }

    private Optional<Limit> reached(String address, Principal principal) {
        if (open >= inAll) {
            return Optional.of(Limit.IN_ALL);
        }
        if (byAddress.getOrDefault(address, 0) >= perAddress) {
            return Optional.of(Limit.PER_ADDRESS);
        }
        boolean full = byPrincipal.getOrDefault(principal.name(), 0) >= perPrincipal;
        return full && !principal.isAnonymous() ? Optional.of(Limit.PER_PRINCIPAL) : Optional.empty();
    }

    private synchronized void release(String address, Principal principal) {
        open--;
        byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
        byPrincipal.computeIfPresent(principal.name(), (p, count) -> count == 1 ? null : count - 1);
    }
}
