package dev.lifeline.gateway.stream;

import dev.lifeline.gateway.log.Attach.Claim;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The one place at an exclusive stream, as this node has it: who sits there, and under which fence of the log.
 *
 * <p>Not safe by itself; {@link LocalStream} locks.
 */
final class Seat {

    private final LongSupplier nanos;

    private Subscription reader;
    private long name;
    private long fence;
    /** That was ever heard of, whoever's it is. */
    private long highest;

    private long since;
    private boolean asked;
    private boolean first;
    private boolean underWay;
    private boolean again;

    Seat(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Gives the place to the newest, and returns who had it, or null. Nothing is granted before the log has said so. */
    Subscription give(Subscription newcomer) {
        Subscription before = reader;
        reader = newcomer;
        name = ThreadLocalRandom.current().nextLong();
        fence = 0;
        since = nanos.getAsLong();
        // Who does not ask at once may have been overtaken when he does.
        first = newcomer.beginsFirst();
        asked = first;
        underWay = false;
        return before;
    }

    /** Whether who sits here came before anybody could have heard of the stream. */
    boolean isFirst() {
        return first && reader != null;
    }

    /** Its reader has left; the node keeps the place warm. */
    void leave(Subscription leaving) {
        if (reader == leaving) {
            reader = null;
        }
    }

    Subscription reader() {
        return reader;
    }

    /** What to tell the log now, or null: nothing while an answer is still to come, and nothing for nobody. */
    Claim claim() {
        if (underWay) {
            again = true;
            return null;
        }
        if (fence == 0 && reader == null) {
            return null;
        }
        underWay = true;
        again = false;
        // Only the first claim is sure to be the newest of all; one that is repeated may have been overtaken.
        Duration age = asked ? Duration.ofNanos(nanos.getAsLong() - since) : Duration.ZERO;
        asked = true;
        return new Claim(name, fence, age, reader == null ? null : reader.heard());
    }

    /** Takes note of an answer; says whether it is to whom sits here now, and not to one before. */
    boolean isAnswered(Claim claim) {
        boolean ours = claim.reader() == name;
        if (ours) {
            underWay = false;
        }
        return ours;
    }

    /** Whether something came up while the last claim was under way. */
    boolean wantsAgain() {
        return again;
    }

    void hold(long granted) {
        fence = granted;
    }

    /**
     * Hears of a fence; says whether somebody newer than who sits here has the stream. Of one who still waits for his that
     * cannot be said yet: what was heard meanwhile counts once he has it.
     */
    boolean isSupersededBy(long other) {
        highest = Math.max(highest, other);
        return fence != 0 && highest > fence;
    }
}
