package dev.lifeline.gateway.client;

import dev.lifeline.retry.FailureClass;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;

/**
 * Follows an event stream for as long as it is wanted: when the stream is lost it is asked for again, after the last
 * event that came, and what comes twice is told once.
 *
 * <pre>
 *   CONNECTING ──> CONNECTED ──> RECONNECTING ──> CONNECTED …
 *        └──────────────┴─────────────┴──> FAILED | CLOSED
 * </pre>
 *
 * <p>Its listener is called on one context, that of whoever opened it. It may be asked and told things from any thread.
 */
public final class EventSource {

    /** Who listens. A listener that throws ends the source: what was done with that event, nobody knows. */
    public interface Listener {

        void event(SourceEvent event);

        /** A Lifeline gateway says that events are missing before the next one: the data tells which and why. */
        default void gap(SourceEvent verdict) {}

        default void state(SourceState state) {}
    }

    private static final String GAP = "gap";
    private static final int OK = 200;

    /** Our own watch over silence knows when it is held; the request's does not, and comes second. */
    private static final Duration HEAD_START = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context context;
    private final EventSourceOptions options;
    private final StreamMetrics metrics;
    private final Listener listener;
    private final Door door;
    private final Comeback comeback;
    private final Repetitions repetitions;
    private final Throttle.Source flow = new Flow();
    private final Promise<Void> over = Promise.promise();

    private volatile SourceState state = SourceState.CONNECTING;
    private volatile String lastEventId;

    // Owned by the context.
    private Sending sending;
    private EventReader reader;
    private boolean again;
    private boolean paused;
    private long since;

    private EventSource(Vertx vertx, EventSourceOptions options, StreamMetrics metrics, Listener listener) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.metrics = metrics;
        this.listener = listener;
        this.lastEventId = options.lastEventId();
        this.door = new Door(vertx, options.url(), options.headers(), terms(options));
        this.comeback = new Comeback(vertx, options.retries().policy(), metrics)
                .within(options.retries().full());
        this.repetitions = new Repetitions(metrics);
    }

    private static Door.Terms terms(EventSourceOptions options) {
        Duration idle = options.times().idle();
        return new Door.Terms(options.times().connecting(), idle, idle, 1, 1, SendFailure::new);
    }

    /** Follows a stream from now on. */
    public static EventSource open(Vertx vertx, EventSourceOptions options, Listener listener) {
        return open(vertx, options, StreamMetrics.NONE, listener);
    }

    /** The same, counted. */
    public static EventSource open(Vertx vertx, EventSourceOptions options, StreamMetrics metrics, Listener listener) {
        EventSource source = new EventSource(vertx, options, metrics, listener);
        source.context.runOnContext(begin -> {
            if (!source.state.isOver()) {
                source.tell(SourceState.CONNECTING);
                source.connect();
            }
        });
        return source;
    }

    public SourceState state() {
        return state;
    }

    /** The id of the last event that came, or empty: where another source would go on. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Reads no more for now: what has been read already still comes, the rest waits on its way here. */
    public void pause() {
        Here.run(context, flow::pause);
    }

    public void resume() {
        Here.run(context, flow::resume);
    }

    /** Ends it. Nothing is told after the state has become CLOSED; the future succeeds then. */
    public Future<Void> close() {
        Here.run(context, () -> end(SourceState.CLOSED));
        return over.future();
    }

    private void connect() {
        if (state.isOver()) {
            return;
        }
        MultiMap headers = door.headers().set(HttpHeaders.CACHE_CONTROL, "no-cache");
        if (!lastEventId.isEmpty()) {
            headers.set(Door.LAST_EVENT_ID, Door.asHeader(lastEventId));
        }
        sending = door.attend(door.url(), headers, options.times().idle().plus(HEAD_START));
        sending.go().onSuccess(this::answered).onFailure(failed -> unreachable((SendFailure) failed));
    }

    private void unreachable(SendFailure failure) {
        if (failure.fate() == Sending.Fate.REFUSED) {
            fail(failure.getMessage());
        } else {
            retry(null, failure.getMessage());
        }
    }

    private void answered(HttpClientResponse response) {
        int status = response.statusCode();
        if (state.isOver()) {
            sending.cancel();
        } else if (status == OK && EventReader.isStream(response)) {
            read(response);
        } else {
            FailureClass failure = FailureClass.ofStatus(status);
            Duration asked = Comeback.asked(response);
            sending.cancel();
            String why = "the server answered with status " + status + (status == OK ? " and no event stream" : "");
            if (failure.isRetried()) {
                retry(asked, why);
            } else {
                fail(why);
            }
        }
    }

    private void read(HttpClientResponse response) {
        since = System.nanoTime();
        if (again) {
            comeback.succeeded();
        }
        tell(SourceState.CONNECTED);
        if (state.isOver()) {
            return;
        }
        reader = new EventReader(
                vertx, response, options.maxEventBytes(), options.times().idle(), new Stream());
        reader.start();
        if (paused) {
            reader.pause();
        }
    }

    private void retry(Duration named, String why) {
        if (again) {
            comeback.failed();
        }
        comeBack(named, why);
    }

    private void comeBack(Duration named, String why) {
        again = true;
        boolean waits = state.isOver()
                || comeback.again(
                        named, (attempt, delay) -> tell(SourceState.reconnecting(attempt, delay)), this::connect);
        if (!waits) {
            fail("tried often enough: " + why);
        }
    }

    private void fail(String reason) {
        end(SourceState.failed(reason));
    }

    private void end(SourceState last) {
        if (state.isOver()) {
            return;
        }
        // First: what is cancelled says so while it is being cancelled, and must not be asked for again.
        state = last;
        comeback.stop();
        if (sending != null) {
            sending.cancel();
        }
        disconnected();
        listener.state(last);
        door.close();
        over.complete();
    }

    private void disconnected() {
        reader = null;
        if (since != 0) {
            Duration age = Duration.ofNanos(System.nanoTime() - since);
            since = 0;
            metrics.disconnected(age);
            comeback.lasted(age);
        }
    }

    private void tell(SourceState now) {
        state = now;
        listener.state(now);
    }

    /** What the stream that stands says. */
    private final class Stream implements EventReader.Reader {

        @Override
        public void event(String id, String type, String data) {
            if (state.isOver()) {
                return;
            }
            lastEventId = id == null ? lastEventId : id;
            if (repetitions.has(id, type, data)) {
                return;
            }
            comeback.progressed();
            SourceEvent event = new SourceEvent(lastEventId, id != null, type, data);
            if (type.equals(GAP)) {
                listener.gap(event);
            } else {
                listener.event(event);
            }
        }

        @Override
        public void position(String id) {
            lastEventId = id;
        }

        @Override
        public void forget() {
            lastEventId = "";
        }

        @Override
        public void hint(long retryMillis) {
            comeback.hint(retryMillis);
        }

        @Override
        public void over(EventReader.End how) {
            disconnected();
            if (how != EventReader.End.CLOSED) {
                sending.cancel();
            }
            switch (how) {
                case CLOSED -> comeBack(null, "the server ended the stream");
                case CUT -> comeBack(null, "the connection was lost");
                // It has waited long enough already.
                case IDLE -> comeBack(Duration.ZERO, "nothing was heard for too long");
                case UNREADABLE -> fail("what the server sends is no event stream, or more than is taken");
            }
        }
    }

    /** Stands still while the listener has enough. */
    private final class Flow implements Throttle.Source {

        @Override
        public void pause() {
            paused = true;
            if (reader != null) {
                reader.pause();
            }
        }

        @Override
        public void resume() {
            paused = false;
            if (reader != null) {
                reader.resume();
            }
        }
    }
}
