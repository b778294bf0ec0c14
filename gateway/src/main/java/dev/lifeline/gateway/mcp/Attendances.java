package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions whose own streams clients of this node are listening to. For every thread. */
public final class Attendances {

    private final ConcurrentHashMap<String, Attendance> open = new ConcurrentHashMap<>();

    /** The session is over: so is what its client listens to here. */
    public void end(String session) {
        Attendance attendance = open.get(session);
        if (attendance != null) {
            attendance.end(CloseReason.SESSION_ENDED);
        }
    }

    public int size() {
        return open.size();
    }

    void add(String session, Attendance attendance) {
        open.put(session, attendance);
    }

    /** Says whether it was still the one that is open; a newer one keeps its place. */
    boolean remove(String session, Attendance attendance) {
        return open.remove(session, attendance);
    }
}
