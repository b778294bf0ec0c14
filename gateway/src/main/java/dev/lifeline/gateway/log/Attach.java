package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import java.time.Duration;

/**
 * How a node comes to attend a stream, or goes on attending it.
 *
 * @param known the highest position this node remembers of the stream, or null; a tail behind it means the store went
 *     back in time, and starts a new epoch
 * @param claim to be the only node that attends it; null where all may
 */
public record Attach(String stream, Cursor known, Claim claim) {

    /**
     * A claim to a stream that has one reader at a time.
     *
     * @param reader names who is to read there; drawn at random for each
     * @param fence under which this node holds the stream for that reader, or 0 to take it away from whoever has it
     * @param age how long ago the reader came: it takes nothing away from one that came later. Nothing when it has just
     *     come, which makes it the newest
     * @param heard the last event it says it has, or null. The stream is its own, so it is believed: a tail behind that in
     *     the present epoch starts a new one. Of later epochs it may say what it likes
     */
    public record Claim(long reader, long fence, Duration age, Cursor heard) {

        public static Claim take(long reader) {
            return new Claim(reader, 0, Duration.ZERO, null);
        }

        boolean provesLoss(Cursor tail) {
            return heard != null && heard.epoch() == tail.epoch() && heard.isAfter(tail);
        }

        boolean isTaking() {
            return fence == 0;
        }
    }

    public static Attach shared(String stream, Cursor known) {
        return new Attach(stream, known, null);
    }
}
