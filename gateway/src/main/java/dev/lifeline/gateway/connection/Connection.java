package dev.lifeline.gateway.connection;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Outlet;
import dev.lifeline.gateway.stream.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * One HTTP response being written: an open event stream to one client. It knows nothing of streams or replay; it carries
 * what a {@link Subscription} hands it, beats when nothing was carried for a while, and ends for one reason.
 *
 * <p>Lives on its event loop. While idle it holds no timer, no buffer and no queue.
 */
public final class Connection implements Outlet {

    private final Connections owner;
    private final Carrier carrier;
    private final Dialect dialect;
    private final Visitor visitor;
    private final long openedAt;
    private final long deadline;

    private Subscription subscription;
    private Consumer<CloseReason> mourner;
    private boolean open = true;
    private CloseReason fate;
    private long wroteAt;
    private long stuckSince = -1;
    private int unsent;
    private int heartbeats;
    private int heardAt;
    private long events;
    private long bytes;
    private int slot;
    private int place;

    Connection(Connections owner, Carrier carrier, Dialect dialect, Visitor visitor) {
        this.owner = owner;
        this.carrier = carrier;
        this.dialect = dialect;
        this.visitor = visitor;
        this.openedAt = owner.wheel().now();
        this.wroteAt = openedAt;
        this.deadline = owner.deadline(visitor, dialect.comesBack());
    }

    /** Binds the subscription that feeds this connection, to be ended with it. */
    public void feedFrom(Subscription source) {
        subscription = source;
        if (!open) {
            source.close();
        }
    }

    /** Tells somebody once how this ended; at once, if it has. */
    public void whenClosed(Consumer<CloseReason> told) {
        if (open) {
            mourner = told;
        } else {
            told.accept(fate);
        }
    }

    public boolean isOpen() {
        return open;
    }

    /** Whether its client can take it up again, were it ended now. */
    boolean comesBack() {
        return dialect.comesBack() && dialect.isPlaced();
    }

    public Visitor visitor() {
        return visitor;
    }

    public Duration age() {
        return owner.wheel().duration(owner.wheel().now() - openedAt);
    }

    public Instant openedAt() {
        return owner.wheel().instant(openedAt);
    }

    /** How long ago the last event was handed to it; since it was opened, if there was none. */
    public Duration quiet() {
        return owner.wheel().duration(owner.wheel().now() - openedAt - heardAt);
    }

    public int heartbeats() {
        return heartbeats;
    }

    /** What feeds it, or null while nobody knows what it is to get. */
    public Subscription subscription() {
        return subscription;
    }

    public long events() {
        return events;
    }

    public long bytes() {
        return bytes;
    }

    @Override
    public boolean writable() {
        return open && carrier.writable();
    }

    @Override
    public void whenWritable(Runnable resume) {
        stuckSince = owner.wheel().now();
        unsent = waiting();
        carrier.whenWritable(() -> {
            stuckSince = -1;
            resume.run();
        });
    }

    @Override
    public void write(Frames frames) {
        if (open) {
            wroteAt = owner.wheel().now();
            if (frames.events() > 0) {
                heardAt = (int) (wroteAt - openedAt);
            }
            events += frames.events();
            bytes += frames.bytes();
            carrier.write(frames);
        }
    }

    @Override
    public void position(Cursor cursor) {
        say(dialect.position(cursor));
    }

    @Override
    public void gap(Gap gap) {
        say(dialect.gap(gap));
    }

    @Override
    public void finished() {
        end(CloseReason.COMPLETED);
    }

    @Override
    public void superseded() {
        end(CloseReason.SUPERSEDED);
    }

    /** The first word: when to come back, should this end. */
    void greet(Duration retry) {
        say(dialect.retry(retry));
    }

    private void say(byte[] words) {
        if (words.length > 0) {
            Frames frames = Frames.aside(words);
            write(frames);
            frames.release();
        }
    }

    /** Its turn on the wheel: ends it if its time is over, beats if it was quiet; says in how many ticks to come again. */
    long turn() {
        long now = owner.wheel().now();
        if (now >= deadline) {
            end(owner.deadlineReason(visitor));
        } else if (stuckFor(now) >= owner.patience()) {
            end(CloseReason.STALLED);
        }
        return open ? Math.min(beat(now), Math.min(deadline - now, untilStalled(now))) : 1;
    }

    private long beat(long now) {
        long quiet = now - wroteAt;
        if (quiet < owner.wheel().earliest()) {
            return owner.wheel().draw() - quiet;
        }
        if (carrier.writable()) {
            write(owner.wheel().beat(dialect));
            heartbeats++;
        }
        return owner.wheel().interval();
    }

    private long untilStalled(long now) {
        return stuckSince < 0 ? Long.MAX_VALUE : stuckSince + owner.patience() - now;
    }

    /** For how many ticks the client has taken nothing of what waits for it. */
    private long stuckFor(long now) {
        if (stuckSince < 0) {
            return 0;
        }
        int waiting = waiting();
        if (waiting < unsent) {
            unsent = waiting;
            stuckSince = now;
        }
        return now - stuckSince;
    }

    private int waiting() {
        return (int) Math.min(Integer.MAX_VALUE, carrier.unsent());
    }

    /** Ends the stream from this side, in the way its reason calls for. */
    public void end(CloseReason reason) {
        end(reason, null);
    }

    /** Ends the stream although there is more to come: the client is to ask for it after this time. */
    public void pause(Duration wait) {
        end(CloseReason.PAUSED, wait);
    }

    private void end(CloseReason reason, Duration wait) {
        if (!open) {
            return;
        }
        if (reason == CloseReason.STALLED) {
            // An end would queue behind what the client does not take.
            finish(reason);
            carrier.abort();
            return;
        }
        if (reason.comeBack()) {
            say(dialect.farewell(
                    subscription == null ? null : subscription.cursor(), wait == null ? owner.retry() : wait));
        }
        finish(reason);
        carrier.end();
    }

    /** The network, or HTTP, says why the connection is about to be closed. */
    void failing(Farewell farewell) {
        // The first counts: whatever it was, a word about the closing follows.
        if (fate == null) {
            // Bytes nobody takes and bytes nobody acknowledges end alike. With some waiting for long, it took nothing.
            fate = farewell == Farewell.TIMEOUT && stuckSince >= 0 ? CloseReason.STALLED : farewell.reason();
        }
    }

    /** The connection is closed already; only the books are left to do. */
    void closed() {
        if (open) {
            finish(fate == null ? CloseReason.CLIENT_LEFT : fate);
        }
    }

    /** Cuts it off after a defect of ours, so that nobody else is harmed. */
    @Override
    public void broken() {
        if (open) {
            finish(CloseReason.PEER_LOST);
        }
        carrier.abort();
    }

    private void finish(CloseReason reason) {
        open = false;
        fate = reason;
        if (subscription != null) {
            subscription.close();
        }
        owner.closed(this, reason);
        if (mourner != null) {
            mourner.accept(reason);
        }
    }

    int slot() {
        return slot;
    }

    int place() {
        return place;
    }

    void place(int newSlot, int newPlace) {
        slot = newSlot;
        place = newPlace;
    }
}
