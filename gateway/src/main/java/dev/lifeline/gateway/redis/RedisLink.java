package dev.lifeline.gateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's one conversation with Redis: scripts sent in order over one connection, without waiting for each other's
 * answers; and, when the connection is lost, the way back.
 *
 * <p>While Redis is away patient calls wait in a bounded queue, for a bounded time, and others fail at once. A call
 * whose answer was lost is sent again only if it is repeatable: the others may or may not have been carried out, and
 * their callers are told that nobody knows.
 *
 * <p>May be called from any thread. Everything else happens on the context it was made on.
 */
public final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long WATCH_MILLIS = 100;
    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 1000;

    /** What to do with a call when Redis is away. */
    public enum Temper {
        /** Fail at once; the caller will ask again by itself. */
        IMPATIENT,
        /** Wait, but do not send it twice. */
        PATIENT,
        /** Wait, and send it again if its answer was lost: doing it twice is like doing it once. */
        REPEATABLE
    }

    /**
     * What the link goes by.
     *
     * @param timeout after which a Redis that does not answer is taken for lost
     * @param waitAtMost how long a patient call waits for Redis to come back
     * @param mostWaiting how many calls may wait, or be on their way
     */
    public record Settings(RedisOptions options, Duration timeout, Duration waitAtMost, int mostWaiting) {}

    private final Vertx vertx;
    private final Context context;
    private final Settings settings;
    private volatile Consumer<Boolean> onAvailable = available -> {};

    // Owned by the context.
    private final Deque<RedisCall> waiting = new ArrayDeque<>();
    private final Deque<RedisCall> underWay = new ArrayDeque<>();
    private Redis client;
    private RedisConnection connection;
    private int failures;
    private boolean closed;
    private long watch;

    private volatile boolean available;

    public RedisLink(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
    }

    /** Begins to connect; the future tells how the first attempt went, while the link goes on trying either way. */
    public Future<Void> start() {
        Promise<Void> first = Promise.promise();
        context.runOnContext(begin -> {
            watch = vertx.setPeriodic(WATCH_MILLIS, tick -> watch());
            connect(first);
        });
        return first.future();
    }

    /** Is told when Redis is found, and when it is lost, on the link's context. */
    public void onAvailable(Consumer<Boolean> listener) {
        onAvailable = listener;
    }

    public boolean available() {
        return available;
    }

    /** Runs a script. The future completes on the caller's context, if it has one. */
    public Future<Response> call(Script script, List<String> keys, List<String> arguments, Temper temper) {
        ContextInternal caller = ContextInternal.current();
        Promise<Response> promise = caller == null ? Promise.promise() : caller.promise();
        RedisCall call = new RedisCall(script, keys, arguments, temper, promise);
        context.runOnContext(go -> accept(call));
        return promise.future();
    }

    private void accept(RedisCall call) {
        if (closed) {
            fail(call, "the link to Redis is closed");
        } else if (waiting.size() + underWay.size() >= settings.mostWaiting()) {
            fail(call, "too many calls are waiting for Redis");
        } else if (connection != null) {
            send(call, true);
        } else if (call.patient()) {
            waiting.addLast(call);
        } else {
            fail(call, "Redis is away");
        }
    }

    private void send(RedisCall call, boolean byDigest) {
        underWay.addLast(call);
        RedisConnection sentOn = connection;
        connection.send(call.request(byDigest)).onComplete(answer -> {
            if (sentOn != connection || !underWay.remove(call)) {
                // Lost with its connection; what becomes of the call was decided then.
                return;
            }
            if (answer.succeeded()) {
                call.promise().tryComplete(answer.result());
            } else if (byDigest && isUnknownScript(answer.cause())) {
                send(call, false);
            } else if (answer.cause() instanceof ErrorType refusal) {
                LOG.atWarn().addKeyValue("error", refusal.getMessage()).log("Redis refused a call");
                fail(call, "Redis refused: " + refusal.getMessage());
            } else {
                underWay.addFirst(call);
                lose(answer.cause().getMessage());
            }
        });
    }

    private static boolean isUnknownScript(Throwable cause) {
        return cause instanceof ErrorType error && error.is("NOSCRIPT");
    }

    private void connect(Promise<Void> first) {
        client = Redis.createClient(vertx, settings.options());
        client.connect()
                .timeout(settings.timeout().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .onComplete(attempt -> {
                    if (closed) {
                        first.tryFail("closed");
                    } else if (attempt.succeeded()) {
                        found(attempt.result());
                        first.tryComplete();
                    } else {
                        LOG.atWarn()
                                .addKeyValue("error", attempt.cause().getMessage())
                                .log("Redis cannot be reached");
                        client.close();
                        retryLater();
                        first.tryFail(attempt.cause());
                    }
                });
    }

    private void found(RedisConnection fresh) {
        connection = fresh;
        fresh.exceptionHandler(error -> lost(fresh, error.getMessage()));
        fresh.endHandler(end -> lost(fresh, "connection closed"));
        failures = 0;
        available = true;
        LOG.info("connected to Redis");
        while (!waiting.isEmpty()) {
            send(waiting.removeFirst(), true);
        }
        onAvailable.accept(true);
    }

    private void lost(RedisConnection which, String why) {
        if (which == connection) {
            lose(why);
        }
    }

    private void lose(String why) {
        if (connection == null) {
            return;
        }
        connection = null;
        available = false;
        if (!closed) {
            LOG.atWarn().addKeyValue("error", why).log("lost Redis");
        }
        client.close();
        while (!underWay.isEmpty()) {
            RedisCall call = underWay.removeLast();
            if (call.repeatable() && !closed) {
                waiting.addFirst(call);
            } else {
                fail(call, "Redis was lost before it answered");
            }
        }
        onAvailable.accept(false);
        retryLater();
    }

    private void retryLater() {
        if (!closed) {
            long longest = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures++, 10));
            long delay = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
            vertx.setTimer(delay, go -> connect(Promise.promise()));
        }
    }

    /** Takes a Redis that has stopped answering for lost, and lets nobody wait longer than allowed. */
    private void watch() {
        long now = System.nanoTime();
        if (!underWay.isEmpty()
                && underWay.peekFirst().age(now) > settings.timeout().toNanos()) {
            lose("no answer for " + settings.timeout());
        }
        while (!waiting.isEmpty()
                && waiting.peekFirst().age(now) > settings.waitAtMost().toNanos()) {
            fail(waiting.removeFirst(), "Redis stayed away");
        }
    }

    private static void fail(RedisCall call, String why) {
        call.promise().tryFail(new RedisAway(why));
    }

    /** Ends the conversation; whoever waits is told so. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(go -> {
            closed = true;
            vertx.cancelTimer(watch);
            lose("closed");
            while (!waiting.isEmpty()) {
                fail(waiting.removeFirst(), "the link to Redis is closed");
            }
            (client == null ? Future.<Void>succeededFuture() : client.close())
                    .onComplete(closing -> done.tryComplete());
        });
        return done.future();
    }
}
