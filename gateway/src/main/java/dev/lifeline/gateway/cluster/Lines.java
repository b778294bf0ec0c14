package dev.lifeline.gateway.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far each line of messages to this node has come. Messages of a line are numbered from 0, so that a missing one
 * shows when the next arrives. Not safe by itself.
 */
final class Lines {

    /** Far more than there are nodes; a line that is forgotten and goes on later looks broken, which costs a check. */
    static final int MOST = 256;

    private final Map<Long, Long> next = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MOST;
        }
    };

    /** A message has come; says whether it is the one that follows. */
    boolean continues(long line, long number) {
        return isAt(line, number, number + 1);
    }

    /** Says whether all messages before that number have come, and does not ask for them again. */
    boolean reaches(long line, long number) {
        return isAt(line, number, number);
    }

    private boolean isAt(long line, long number, long then) {
        Long expected = next.put(line, then);
        return number == (expected == null ? 0 : expected);
    }
}
