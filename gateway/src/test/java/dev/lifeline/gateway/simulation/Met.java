package dev.lifeline.gateway.simulation;

import java.util.EnumMap;
import java.util.Map;

/** The interesting cases, and how often they were met: a run in which one never came up proves nothing about it. */
final class Met {

    /** What has to come up. */
    enum Case {
        RESUMED_ON_ANOTHER_NODE,
        RESUMED_WITHOUT_A_CURSOR,
        OLD_OWNER_ALIVE,
        ACROSS_THE_TRIM_EDGE,
        GAP_AFTER_LOSS,
        AFTER_REDIS_LOST_ITS_TAIL,
        AFTER_REDIS_LOST_EVERYTHING,
        AFTER_REDIS_RESTARTED_INTACT,
        REDIS_AWAY,
        REQUEST_LOST,
        ERROR_AFTER_APPLY,
        DUPLICATE_DROPPED,
        TAKEN_OVER,
        TAKEN_OVER_WHILE_ALIVE,
        NODE_DIED,
        NODE_FROZE,
        NODE_CAME_BACK_UNDER_ITS_NAME,
        LEASE_LAPSED,
        CLOCK_JUMPED,
        BUS_CUT_ONE_WAY,
        UPSTREAM_FORGOT,
        ANSWER_LOST_AFTER_EXECUTION,
        ANSWER_RESUMED,
        OUTCOME_MAY_HAVE_RUN,
        OUTCOME_NOT_RUN,
        ANSWERED,
        REPEATED_SAFELY,
        READER_LAGGED,
        SESSION_ENDED
    }

    private final Map<Case, Long> counts = new EnumMap<>(Case.class);

    void note(Case which) {
        counts.merge(which, 1L, Long::sum);
    }

    void addAll(Met other) {
        other.counts.forEach((which, count) -> counts.merge(which, count, Long::sum));
    }

    long count(Case which) {
        return counts.getOrDefault(which, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
