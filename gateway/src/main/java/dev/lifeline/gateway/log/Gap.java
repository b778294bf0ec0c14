package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;

/**
 * The verdict that events are missing: everything after {@code from}, up to and including {@code to}, cannot be had.
 *
 * @param from where the reader stood, or null when its position meant nothing to us
 * @param to where reading goes on: the place before the oldest event kept
 */
public record Gap(Cursor from, Cursor to, Reason reason) {

    /** Why the events are missing. */
    public enum Reason {
        /** They fell out of the buffer: too many since, too old or too large. */
        EVICTED("evicted"),
        /** The stream began a new life: the store lost what it had. */
        EPOCH("epoch"),
        /** The position names no place in this stream. */
        UNKNOWN("unknown");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * The verdict on a reader at {@code from} when the oldest event kept after it comes right after {@code to}.
     *
     * @param follows where the epoch before had come to, if the present one goes on with it, or null
     */
    static Gap between(Cursor from, Cursor to, Cursor tail, Cursor follows) {
        if (from.epoch() != to.epoch()) {
            boolean within = follows != null && from.epoch() == follows.epoch() && !from.isAfter(follows);
            return new Gap(from, to, within ? Reason.EVICTED : Reason.EPOCH);
        }
        return new Gap(from, to, from.isAfter(tail) ? Reason.UNKNOWN : Reason.EVICTED);
    }
}
