package dev.lifeline.event;

import java.util.Optional;

/**
 * The position of an event in its stream, and the only thing a client must remember: printed as the SSE {@code id},
 * returned as {@code Last-Event-ID}.
 *
 * <p>Within an epoch sequences are contiguous. A log that lost anything starts a higher epoch: without it, a stream
 * that held 1, 2, 3, was lost, and grew to 4 again would tell a client standing at 3 that it had missed nothing.
 *
 * @param epoch which life of the stream; later lives have higher epochs
 * @param sequence which event of that life, from 1; 0 is the place before the first
 */
public record Cursor(long epoch, long sequence) implements Comparable<Cursor> {

    /** Longer texts are not ours; browsers also send ids over 128 bytes only after a preflight. */
    private static final int LONGEST_TEXT = 40;

    private static final int EPOCH_RADIX = 36;

    public Cursor {
        if (epoch < 1 || sequence < 0) {
            throw new IllegalArgumentException("no such position: " + epoch + "-" + sequence);
        }
    }

    /** The place before the first event of an epoch. */
    public static Cursor origin(long epoch) {
        return new Cursor(epoch, 0);
    }

    /** Reads what {@link #toString()} printed; anything else is no cursor of ours. */
    public static Optional<Cursor> parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1 || text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            long epoch = Long.parseLong(text.substring(0, dash), EPOCH_RADIX);
            long sequence = Long.parseLong(text.substring(dash + 1));
            Cursor cursor = epoch < 1 || sequence < 0 ? null : new Cursor(epoch, sequence);
            // One position, one text: "+5", "007" or capitals are refused, so that ids can be compared as texts.
            return Optional.ofNullable(cursor).filter(c -> c.toString().equals(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    public Cursor successor() {
        return plus(1);
    }

    /** The position so many events further on in the same epoch. */
    public Cursor plus(long events) {
        return new Cursor(epoch, sequence + events);
    }

    public boolean isSuccessorOf(Cursor other) {
        return epoch == other.epoch && sequence == other.sequence + 1;
    }

    public boolean isAfter(Cursor other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Cursor other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toString(epoch, EPOCH_RADIX) + "-" + sequence;
    }
}
