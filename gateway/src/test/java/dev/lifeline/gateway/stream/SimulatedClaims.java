package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Attach.Claim;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Attached.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who has the stream of a {@link SimulatedLog} for itself. Readers are known by the order in which they came. */
final class SimulatedClaims {

    private final List<Long> readers = new ArrayList<>();
    private final Set<String> nodes;
    private long fence;
    private int holder = -1;
    /** Somebody is on his way who has not claimed yet. */
    boolean expecting;
    /** Lets everybody keep what he once had: what the oracle is there to notice. */
    boolean lax;

    SimulatedClaims(Set<String> nodes) {
        this.nodes = nodes;
    }

    /** Somebody is about to claim; for the first time, if he has just come. */
    void heard(Claim claim) {
        if (!readers.contains(claim.reader())) {
            readers.add(claim.reader());
        }
    }

    /** Which reader came last, from 0. */
    int newest() {
        return readers.size() - 1;
    }

    long fence() {
        return fence;
    }

    /** Which reader has it, or -1. */
    int holder() {
        return holder;
    }

    Attached claim(String node, Claim claim, Cursor tail) {
        int reader = readers.indexOf(claim.reader());
        boolean taking = claim.fence() == 0;
        boolean late = taking && !claim.age().isZero() && holder > reader;
        if (!lax && (late || !taking && fence > claim.fence())) {
            return new Attached(Standing.SUPERSEDED, tail, fence, List.of());
        }
        if (taking && holder != reader) {
            fence++;
            holder = reader;
        }
        List<String> before = nodes.stream().filter(it -> !it.equals(node)).toList();
        if (!lax) {
            nodes.clear();
        }
        nodes.add(node);
        return new Attached(Standing.HELD, tail, taking ? fence : claim.fence(), lax ? List.of() : before);
    }
}
