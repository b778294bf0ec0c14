package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attach.Claim;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * This node's part of a stream: its readers, their place in the log, and the {@link Replica} they read from. Of an
 * exclusive stream it has one reader at most, and that one only while the log says so.
 *
 * <p>Called from any thread. The lock is never held across a call to the log or to a reader.
 */
final class LocalStream {

    /** How it came that a stream is given up, which decides what the log has to hear. */
    enum Ending {
        /** Not at all. */
        NONE,
        /** Nobody attends it any more. */
        LEFT,
        /** The log knows: another node has it, or it was removed. */
        KNOWN
    }

    private final String name;
    private final Surroundings surroundings;
    private final Replica replica;

    /** The newest; each knows the one before. */
    private volatile FanOut fanOuts;

    private volatile boolean removed;

    // Guarded by this.
    /** Null where there is room for all. */
    private final Seat seat;

    private boolean checking;
    private int appending;
    private boolean retired;
    private int readers;
    private long idleSince;

    /**
     * A stream as this node has it.
     *
     * @param known the highest position remembered of it, or null
     */
    LocalStream(String name, Terms terms, Ring ring, Cursor known, Surroundings surroundings) {
        this.name = name;
        this.surroundings = surroundings;
        this.replica = new Replica(this, ring, known);
        this.seat = terms.exclusive() ? new Seat(surroundings.nanos()) : null;
        this.idleSince = surroundings.nanos().getAsLong();
    }

    GatewayMetrics metrics() {
        return surroundings.metrics();
    }

    String name() {
        return name;
    }

    Replica replica() {
        return replica;
    }

    Hub.View view(int mostEvents) {
        int attending;
        synchronized (this) {
            attending = readers;
        }
        return replica.view(name, attending, mostEvents);
    }

    boolean isExclusive() {
        return seat != null;
    }

    /** Whether it is gone from the log: its readers get what is here, and nothing more will come. */
    boolean isRemoved() {
        return removed;
    }

    /** Counts a reader in, unless this stream has been given up already. */
    synchronized boolean admit() {
        boolean admitted = !retired && !removed;
        if (admitted) {
            readers++;
        }
        return admitted;
    }

    /** Lets a reader attend that was admitted. On its event loop. */
    Subscription attend(Start start, Outlet outlet, EventLoop loop) {
        FanOut fanOut = fanOut(loop);
        Subscription subscription = new Subscription(this, fanOut, outlet, start);
        fanOut.add(subscription);
        if (isExclusive()) {
            seat(subscription);
        } else if (replica.isOpen()) {
            fanOut.wake();
        } else {
            checkOnce();
        }
        return subscription;
    }

    private void seat(Subscription newcomer) {
        Subscription before;
        synchronized (this) {
            before = seat.give(newcomer);
            if (before != null) {
                before.revoke();
            }
        }
        if (before != null) {
            before.giveWay();
        }
        if (!newcomer.beginsFirst()) {
            check();
        }
    }

    /**
     * Takes events that were appended here, and of which the log said that no node has readers of them. There may be one
     * all the same, which the log was not told about; false if not, or if something came before these events.
     */
    boolean deliverToTheFirst(Cursor before, List<Event> events) {
        synchronized (this) {
            if (seat == null || !seat.isFirst() || !replica.standsAt(before)) {
                return false;
            }
            seat.reader().grant(before);
        }
        deliver(before.successor(), events);
        return true;
    }

    void dismiss(Subscription leaving) {
        Ending ending;
        synchronized (this) {
            readers--;
            idleSince = surroundings.nanos().getAsLong();
            if (seat != null) {
                seat.leave(leaving);
            }
            ending = endIfOver();
        }
        giveUp(ending);
    }

    /** Nobody comes back to a stream that has had its last event. */
    private Ending endIfOver() {
        if (retired || readers > 0 || !(removed || replica.knowsItsEnd())) {
            return Ending.NONE;
        }
        retired = true;
        return removed ? Ending.KNOWN : Ending.LEFT;
    }

    /** Gives the stream up if it had no reader for so long; says whether it is given up now. */
    boolean retireIfIdle(long nanos) {
        Ending ending = Ending.NONE;
        boolean over;
        synchronized (this) {
            if (!retired && readers == 0 && surroundings.nanos().getAsLong() - idleSince >= nanos) {
                retired = true;
                ending = Ending.LEFT;
            }
            over = retired;
        }
        giveUp(ending);
        return over;
    }

    private void giveUp(Ending ending) {
        if (ending != Ending.NONE) {
            replica.drop();
            surroundings.givenUp().accept(this, ending);
        }
    }

    /** It was removed from the log: readers are told, each when it has what is still here. */
    void remove() {
        Ending ending;
        synchronized (this) {
            removed = true;
            ending = endIfOver();
        }
        giveUp(ending);
        wake();
    }

    /** The fan-out of an event loop; called on that loop. */
    private FanOut fanOut(EventLoop loop) {
        for (FanOut fanOut = fanOuts; fanOut != null; fanOut = fanOut.next()) {
            if (fanOut.loop() == loop) {
                return fanOut;
            }
        }
        synchronized (this) {
            fanOuts = new FanOut(loop, fanOuts);
            return fanOuts;
        }
    }

    void wake() {
        for (FanOut fanOut = fanOuts; fanOut != null; fanOut = fanOut.next()) {
            fanOut.wake();
        }
    }

    /** Takes events that were appended, here or elsewhere. */
    void deliver(Cursor first, List<Event> events) {
        replica.deliver(first, events);
        if (replica.knowsItsEnd()) {
            Ending ending;
            synchronized (this) {
                ending = endIfOver();
            }
            giveUp(ending);
        }
    }

    /** Reads the log, and minds what it says beside the events. */
    Future<Page> read(Cursor after, int limit) {
        return surroundings.log().read(name, after, limit).map(page -> {
            replica.lookForEnd(page);
            if (isExclusive()) {
                supersede(() -> seat.isSupersededBy(page.fence()));
            }
            return page;
        });
    }

    /** Checks, unless that is under way: a crowd that comes back at once asks the log once. */
    void checkOnce() {
        synchronized (this) {
            if (checking) {
                return;
            }
            checking = true;
        }
        check().onComplete(checked -> {
            synchronized (this) {
                checking = false;
            }
        });
    }

    /**
     * Compares this node's position with the log's, and tells the log that the stream has readers here. Opens the stream
     * when nothing is known of it yet. Every failure on the way is made good by the next check.
     */
    Future<Void> check() {
        Claim claim = null;
        synchronized (this) {
            if (removed || retired) {
                return Future.succeededFuture();
            }
            if (seat != null) {
                claim = seat.claim();
                if (claim == null) {
                    return Future.succeededFuture();
                }
            }
        }
        Claim asked = claim;
        return surroundings
                .log()
                .attach(new Attach(name, replica.reached(), asked))
                .onFailure(away -> isAnswered(asked))
                .map(answer -> {
                    heard(asked, answer);
                    return null;
                });
    }

    private synchronized boolean isAnswered(Claim asked) {
        return asked != null && seat.isAnswered(asked);
    }

    private void heard(Claim asked, Attached answer) {
        switch (answer.standing()) {
            case REMOVED -> remove();
            case SUPERSEDED -> supersede(() -> seat.isAnswered(asked) | seat.isSupersededBy(answer.fence()));
            default -> stand(asked, answer);
        }
    }

    private void stand(Claim asked, Attached answer) {
        Cursor tail = reachable(answer.tail());
        boolean missing = replica.standAt(tail);
        boolean again = grant(asked, answer.fence(), tail);
        if (isExclusive()) {
            supersede(() -> seat.isSupersededBy(answer.fence()));
        }
        if (missing) {
            replica.catchUp();
        }
        wake();
        if (!answer.before().isEmpty()) {
            surroundings.relay().nudge(answer.before(), name);
        }
        if (again) {
            check();
        }
        if (isRetired()) {
            // Given up while the log was asked: it must not go on thinking that somebody is here.
            surroundings.givenUp().accept(this, Ending.LEFT);
        }
    }

    /** What this node has appended for its first reader comes here by itself, though the log may tell of it sooner. */
    private synchronized Cursor reachable(Cursor tail) {
        boolean coming = appending > 0 && seat != null && seat.isFirst();
        return coming ? Cursor.origin(tail.epoch()) : tail;
    }

    /** This node asks the log to append. */
    synchronized void appending() {
        appending++;
    }

    /** It was answered. */
    synchronized void appended() {
        appending--;
    }

    private synchronized boolean isRetired() {
        return retired;
    }

    /** Whoever sits here may read, if it was he who asked. Says whether the log should be asked once more. */
    private synchronized boolean grant(Claim asked, long fence, Cursor tail) {
        if (!isAnswered(asked)) {
            return false;
        }
        seat.hold(fence);
        if (seat.reader() != null && !seat.isSupersededBy(fence)) {
            seat.reader().grant(tail);
        }
        return seat.wantsAgain();
    }

    /** If it is so, another node has the stream: not a byte more leaves here. */
    private void supersede(BooleanSupplier isSo) {
        Subscription reader;
        synchronized (this) {
            if (retired || !isSo.getAsBoolean()) {
                return;
            }
            retired = true;
            reader = seat.reader();
            if (reader != null) {
                reader.revoke();
            }
        }
        giveUp(Ending.KNOWN);
        if (reader != null) {
            reader.giveWay();
        }
    }
}
