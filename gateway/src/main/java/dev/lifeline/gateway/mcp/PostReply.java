package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Outlet;
import dev.lifeline.gateway.stream.Subscription;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The answer to one POST. It is one piece of JSON if nothing but the answer comes, and comes soon; otherwise an event
 * stream, from the first event on. Clients that take no streams get the JSON however long it takes.
 *
 * <pre>
 *   COLLECTING --answer--------------------------------> JSON, and the stream behind it is dropped
 *       |  another event first, or the window is over
 *       +--> a Connection writes: id, what was collected, what comes, the end
 * </pre>
 *
 * <p>Lives on its connection's event loop, but for {@link #pause}.
 */
final class PostReply implements Outlet {

    /**
     * How this client may be answered.
     *
     * @param streams whether it takes events
     * @param polls whether it comes back for an answer when its stream ends before it
     * @param batch whether it asked in a batch, and gets its answers in one
     * @param requests how many answers make the whole
     */
    record Manner(boolean streams, boolean polls, boolean batch, int requests) {}

    private final RoutingContext context;
    private final Reception reception;
    private final McpSettings.Replies settings;
    private final String place;
    private final Manner manner;
    private final Consumer<Boolean> done;
    private final JsonAnswer json;
    private final List<byte[]> collected = new ArrayList<>();

    private boolean streams;
    private boolean over;
    private boolean plain;
    private Cursor start;
    private boolean positioned;
    private Duration pausing;
    private Connection connection;
    private Subscription subscription;
    private ScheduledFuture<?> timer;

    /**
     * A reply to the request of this context.
     *
     * @param place of its stream in event ids
     * @param done told once, when nothing more is written, whether the whole answer went out in one piece: then nobody
     *     will ask for its stream again
     */
    PostReply(RoutingContext context, Means means, String place, Manner manner, Consumer<Boolean> done) {
        this.context = context;
        this.reception = means.reception();
        this.settings = means.settings().replies();
        this.place = place;
        this.manner = manner;
        this.done = done;
        this.streams = manner.streams();
        this.json = new JsonAnswer(context.response(), means.ports().reader(), manner.batch());
    }

    /** Binds the subscription that feeds it; from now on time counts. */
    void feedFrom(Subscription source) {
        subscription = source;
        if (over || context.response().closed()) {
            over();
            return;
        }
        if (connection != null) {
            feed();
            return;
        }
        context.response().closeHandler(left -> over());
        timer = streams ? after(settings.window(), this::becomeStream) : after(settings.heartbeat(), this::keepWarm);
    }

    private ScheduledFuture<?> after(Duration wait, Runnable step) {
        return reception.connections().loop().schedule(step, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean writable() {
        return connection == null || connection.writable();
    }

    @Override
    public void whenWritable(Runnable resume) {
        connection.whenWritable(resume);
    }

    @Override
    public void position(Cursor cursor) {
        positioned = true;
        if (connection == null) {
            start = cursor;
        } else {
            connection.position(cursor);
        }
        if (pausing != null) {
            reception.connections().loop().execute(this::pauseHere);
        }
    }

    /** The beginning of a fresh stream is never missing; if it were, what is left is still to be had. */
    @Override
    public void gap(Gap gap) {
        position(gap.to());
    }

    @Override
    public void write(Frames frames) {
        if (connection != null) {
            connection.write(frames);
            return;
        }
        byte[] bytes = frames.plain();
        json.take(bytes);
        if (json.answers() >= manner.requests() && (!streams || json.onlyAnswers())) {
            answer();
        } else if (streams) {
            collected.add(bytes);
            if (!json.onlyAnswers()) {
                becomeStream();
            }
        }
    }

    private void answer() {
        json.end();
        plain = true;
        over();
    }

    /** Fewer answers than requests: some were called off. */
    @Override
    public void finished() {
        if (connection != null) {
            connection.finished();
        } else if (!over) {
            answer();
        }
    }

    /** The window is over, or something came that is not the whole answer. */
    private void becomeStream() {
        if (over || connection != null || !streams) {
            return;
        }
        if (!(reception.admit(context) instanceof Admission.Place free)) {
            // What was accepted is answered all the same, in the form that takes no place.
            streams = false;
            collected.clear();
            if (json.answers() >= manner.requests()) {
                answer();
                return;
            }
            timer = after(settings.heartbeat(), this::keepWarm);
            return;
        }
        cancelTimer();
        Dialect dialect = manner.polls() ? PollingDialect.answered(place) : Comments.IN_AN_ANSWER;
        connection = reception.connections().answer(context.request(), dialect, reception.visitor(context, free));
        connection.whenClosed(reason -> over());
        begin();
    }

    private void begin() {
        if (start != null) {
            connection.position(start);
        }
        collected.forEach(this::writeCollected);
        collected.clear();
        if (subscription != null) {
            feed();
        }
        if (manner.polls() && !settings.longestStream().isZero()) {
            timer = after(settings.longestStream(), () -> connection.end(CloseReason.PAUSED));
        }
    }

    /** From now on the client knows the stream, and may ask for it elsewhere. */
    private void feed() {
        connection.feedFrom(subscription);
        subscription.claim();
    }

    private void writeCollected(byte[] bytes) {
        Frames frames = Frames.aside(bytes);
        connection.write(frames);
        frames.release();
    }

    /** Becomes a stream now, if the client takes one; from any thread. */
    void stream() {
        reception.connections().loop().execute(this::becomeStream);
    }

    /** Asks the client to come back for the answer after this time, if it is one that does; from any thread. */
    void pause(Duration wait) {
        reception.connections().loop().execute(() -> {
            pausing = wait;
            // Without an id it could not come back.
            if (positioned) {
                pauseHere();
            } else if (subscription != null) {
                subscription.claim();
            }
        });
    }

    private void pauseHere() {
        Duration wait = pausing;
        pausing = null;
        if (wait != null && manner.polls() && !over) {
            becomeStream();
            if (connection != null) {
                connection.pause(wait);
            }
        }
    }

    /** White space before the JSON, which it allows: whoever watches the line sees that somebody is there. */
    private void keepWarm() {
        if (!over) {
            json.keepWarm();
            timer = after(settings.heartbeat(), this::keepWarm);
        }
    }

    /** The client took the stream up elsewhere, so it does not wait here any more. */
    @Override
    public void superseded() {
        if (connection != null) {
            connection.superseded();
        } else {
            broken();
        }
    }

    @Override
    public void broken() {
        if (connection != null) {
            connection.broken();
        } else if (!over) {
            HttpServerResponse response = context.response();
            over();
            response.reset();
        }
    }

    private void over() {
        if (over) {
            return;
        }
        over = true;
        cancelTimer();
        // In this order: of a reader that leaves a stream which is gone the log need not hear.
        done.accept(plain);
        if (subscription != null) {
            subscription.close();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
