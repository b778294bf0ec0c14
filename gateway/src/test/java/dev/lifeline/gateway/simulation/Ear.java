package dev.lifeline.gateway.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Framing;
import dev.lifeline.gateway.stream.Outlet;
import dev.lifeline.gateway.stream.Subscription;
import dev.lifeline.gateway.stream.Terms;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One connection of a client: what the gateway writes there, the client has, unless the connection was lost before.
 * Everything that comes is held against the history at once.
 */
final class Ear implements Outlet {

    private static final char BETWEEN = '\u0001';
    private static final char END = '\u0002';

    /** Says all there is to say, in a form that is quickly read. */
    static final Framing FRAMING = new Framing() {
        @Override
        public byte[] encode(Cursor at, Event event) {
            return (at.toString() + BETWEEN + event.type() + BETWEEN + event.data() + END).getBytes(UTF_8);
        }

        @Override
        public boolean isLast(Event event) {
            return event.type().equals(Sessions.LAST);
        }
    };

    static final Terms SHARED = new Terms(FRAMING, false);
    static final Terms EXCLUSIVE = new Terms(FRAMING, true);

    /** How a connection came to its end, as its client sees it. */
    enum End {
        LOST,
        FINISHED,
        SUPERSEDED
    }

    private final Simulation.Ground ground;
    private final Node node;
    private final String stream;
    private final boolean exclusive;
    private final int number;
    private final String client;
    private Consumer<End> ended = end -> {};
    private Consumer<Event> heard = event -> {};
    private Consumer<Cursor> written = cursor -> {};
    private Subscription subscription;
    private Cursor cursor;
    private Cursor before;
    private boolean full;
    private boolean over;
    private boolean vanished;
    private boolean superseded;
    private boolean missed;

    Ear(Simulation.Ground ground, Node node, String client, String stream, boolean exclusive) {
        this.ground = ground;
        this.node = node;
        this.client = client;
        this.stream = stream;
        this.exclusive = exclusive;
        this.number = ground.number();
    }

    Ear after(Cursor has) {
        cursor = has;
        before = has;
        return this;
    }

    Ear whenEnded(Consumer<End> action) {
        ended = action;
        return this;
    }

    Ear whenHeard(Consumer<Event> action) {
        heard = action;
        return this;
    }

    Ear whenWritten(Consumer<Cursor> action) {
        written = action;
        return this;
    }

    void feedFrom(Subscription source) {
        subscription = source;
        if (over) {
            source.close();
        }
    }

    Node node() {
        return node;
    }

    String stream() {
        return stream;
    }

    int number() {
        return number;
    }

    boolean isExclusive() {
        return exclusive;
    }

    boolean isSuperseded() {
        return superseded;
    }

    boolean isOpen() {
        return !over && !vanished && node.isUp();
    }

    /** Whether it was told that it will not get everything. */
    boolean missed() {
        return missed;
    }

    /** Where the client stands. */
    Cursor cursor() {
        return cursor;
    }

    String state() {
        return subscription == null ? "not attached" : subscription.phase() + " at " + subscription.cursor();
    }

    /** The client goes, and says so. */
    void leave() {
        ground.world().after(0, node.life(), this::close);
    }

    /** The connection is gone, and the node learns of it late; what was under way on it may be lost. */
    void vanish() {
        vanished = true;
        if (ground.world().chance(0.5)) {
            cursor = before;
        }
        ground.world().after(Duration.ofMillis(200 + ground.world().below(1500)).toNanos(), node.life(), this::close);
    }

    private void close() {
        if (!over && subscription != null) {
            subscription.close();
        }
        end(End.LOST);
    }

    /** The node is gone. */
    void died() {
        if (!vanished && ground.world().chance(0.5)) {
            cursor = before;
        }
        end(End.LOST);
    }

    private void end(End how) {
        if (!over) {
            over = true;
            ended.accept(how);
        }
    }

    @Override
    public boolean writable() {
        return !full;
    }

    @Override
    public void whenWritable(Runnable resume) {
        long nanos = ground.world().between(Duration.ofMillis(1), Duration.ofMillis(400));
        ground.world().after(nanos, node.life(), () -> {
            full = false;
            resume.run();
        });
    }

    @Override
    public void write(Frames frames) {
        Cursor begin = cursor;
        Cursor last = null;
        for (String one : new String(frames.plain(), UTF_8).split(String.valueOf(END))) {
            String[] parts = one.split(String.valueOf(BETWEEN), -1);
            last = Cursor.parse(parts[0]).orElseThrow();
            if (!vanished) {
                Event event = new Event(parts[1], parts[2]);
                ground.history().delivered(this, cursor, last, event);
                cursor = last;
                heard.accept(event);
            }
        }
        if (!vanished) {
            before = begin;
        }
        written.accept(last);
        full = vanished || ground.world().chance(0.05);
    }

    @Override
    public void position(Cursor position) {
        if (!vanished) {
            ground.history().tell(() -> this + " stands at " + position);
            cursor = position;
            before = position;
        }
    }

    @Override
    public void gap(Gap gap) {
        if (!vanished) {
            ground.history().gap(this, gap, ground.redis().millis());
            ground.met()
                    .note(gap.reason() == Gap.Reason.EVICTED ? Met.Case.ACROSS_THE_TRIM_EDGE : Met.Case.GAP_AFTER_LOSS);
            cursor = gap.to();
            before = gap.to();
            missed = true;
        }
    }

    @Override
    public void finished() {
        end(vanished ? End.LOST : End.FINISHED);
    }

    @Override
    public void superseded() {
        superseded = true;
        end(End.SUPERSEDED);
    }

    @Override
    public void broken() {
        throw new Violation(this + " is broken");
    }

    @Override
    public String toString() {
        return client + "#" + number + "@" + node.id();
    }
}
