package dev.lifeline.gateway.connection;

import dev.lifeline.event.CloseReason;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The planned end of one event loop's connections: those whose clients come back one after the other over a window, the
 * others by themselves while it lasts, and then whatever is left.
 */
final class Drain {

    /** A window cut into more steps than this would end its last links too late for the eye, not for the client. */
    private static final long LONGEST_STEP = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final HeartbeatWheel wheel;
    private final long window;
    private final Future<?> quiet;
    private final long since = System.nanoTime();
    private final List<Connection> movable = new ArrayList<>();
    private final Promise<Void> drained = Promise.promise();
    private int ended;

    /** @param quiet when nobody is expected to come any more */
    Drain(EventLoop loop, HeartbeatWheel wheel, Duration window, Future<?> quiet) {
        this.loop = loop;
        this.wheel = wheel;
        this.window = window.toNanos();
        this.quiet = quiet;
    }

    /** On the loop. The future tells when the last one has ended. */
    Future<Void> begin() {
        movable.addAll(open().stream().filter(Connection::comesBack).toList());
        step();
        return drained.future();
    }

    private List<Connection> open() {
        List<Connection> open = new ArrayList<>();
        wheel.forEach(open::add);
        return open;
    }

    private void step() {
        long elapsed = System.nanoTime() - since;
        boolean over = elapsed >= window;
        if (ended > 0) {
            Fault.at(Step.DRAIN, IllegalStateException::new);
        }
        int due = over ? movable.size() : (int) (movable.size() * elapsed / window) + 1;
        while (ended < Math.min(due, movable.size())) {
            movable.get(ended++).end(CloseReason.DRAINED);
        }
        if (over) {
            open().forEach(connection -> connection.end(CloseReason.DRAINED));
        } else if (ended == movable.size()) {
            // Those that could not come back when this began.
            open().stream().filter(Connection::comesBack).forEach(connection -> connection.end(CloseReason.DRAINED));
        }
        if (over || ended == movable.size() && open().isEmpty() && quiet.isComplete()) {
            wheel.stop();
            drained.complete();
            return;
        }
        long step = Math.min(LONGEST_STEP, window / Math.max(1, movable.size()));
        loop.schedule(this::step, step, TimeUnit.NANOSECONDS);
    }
}
