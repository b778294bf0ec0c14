package dev.lifeline.gateway.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisCluster;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's one conversation with Redis: scripts sent in order over one connection, without waiting for each other's
 * answers ({@link Pipeline}); and, when the connection is lost, the way back.
 *
 * <p>While Redis is away patient calls wait in a bounded queue, for a bounded time, and others fail at once. A call
 * whose answer was lost is sent again only if it is repeatable: the others may or may not have been carried out, and
 * their callers are told that nobody knows.
 *
 * <p>May be called from any thread. Everything else happens on the context it was made on.
 */
public final class RedisLink implements Scripts {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long WATCH_MILLIS = 100;
    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 1000;
    private static final long COMPLAIN_NANOS = 1_000_000_000;

    /** What calls may hold in memory together: a few seconds of a very busy node. The rest is refused. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    /** What the link itself sends on a new connection, on top of the calls. */
    private static final int OWN_REQUESTS = 64;

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

    /**
     * What the link finds around it.
     *
     * @param nanos the time that passes
     * @param below a number by chance below the one given
     * @param clients makes a client that is not connected yet
     */
    public record Outside(LongSupplier nanos, LongUnaryOperator below, Function<RedisOptions, Redis> clients) {}

    private final Vertx vertx;
    private final Outside outside;
    private final Context context;
    private final Settings settings;
    private final boolean clustered;
    private final Room room;
    private volatile Consumer<Boolean> onAvailable = available -> {};
    private volatile boolean available;

    // Owned by the context.
    private final Deque<RedisCall> waiting = new ArrayDeque<>();
    private final Set<Script> scripts = new LinkedHashSet<>();
    private final Pipeline.Owner fates = new Fates();
    private Redis client;
    private Pipeline pipeline;
    private String seenAs;
    private int calls;
    private long bytes;
    private int failures;
    private boolean closed;
    private long complainedAt;
    private long watch;

    public RedisLink(Vertx vertx, Settings settings) {
        this(
                vertx,
                settings,
                new Outside(
                        System::nanoTime,
                        bound -> ThreadLocalRandom.current().nextLong(bound),
                        options -> Redis.createClient(vertx, options)));
    }

    public RedisLink(Vertx vertx, Settings settings, Outside outside) {
        this.vertx = vertx;
        this.outside = outside;
        this.complainedAt = outside.nanos().getAsLong() - COMPLAIN_NANOS;
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
        this.room = new Room(vertx, this, this::tellWhether);
        this.clustered = settings.options().getType() == RedisClientType.CLUSTER;
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

    /** Is told when that changes, on the link's context. */
    public void onAvailable(Consumer<Boolean> listener) {
        onAvailable = listener;
    }

    private void tellWhether() {
        onAvailable.accept(available());
    }

    @Override
    public boolean available() {
        return available && !room.lacking();
    }

    @Override
    public Future<Response> call(Script script, List<String> keys, List<String> arguments, Temper temper) {
        ContextInternal caller = ContextInternal.current();
        Promise<Response> promise = caller == null ? Promise.promise() : caller.promise();
        RedisCall call = new RedisCall(
                script, keys, arguments, temper, promise, outside.nanos().getAsLong());
        context.runOnContext(go -> accept(call));
        return promise.future();
    }

    private void accept(RedisCall call) {
        calls++;
        bytes += call.weight();
        if (closed) {
            fail(call, "the link to Redis is closed");
        } else if (calls > settings.mostWaiting() || bytes > MOST_BYTES) {
            fail(call, "too many calls are waiting for Redis");
        } else if (pipeline == null && !call.patient()) {
            fail(call, "Redis is away");
        } else {
            scripts.add(call.script());
            waiting.addLast(call);
            sendWaiting();
        }
    }

    private void sendWaiting() {
        while (pipeline != null && !pipeline.settling() && !waiting.isEmpty()) {
            pipeline.send(waiting.removeFirst());
        }
    }

    private void connect(Promise<Void> first) {
        Redis attempt = outside.clients().apply(options());
        client = attempt;
        attempt.connect()
                .compose(Arrival::greet)
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(answer -> {
                    if (closed) {
                        first.tryFail("closed");
                    } else if (answer.succeeded()) {
                        found(answer.result());
                        first.tryComplete();
                    } else {
                        LOG.atWarn()
                                .addKeyValue("error", answer.cause().getMessage())
                                .log("Redis cannot be reached");
                        attempt.close();
                        retryLater();
                        first.tryFail(answer.cause());
                    }
                });
    }

    private RedisOptions options() {
        return new RedisOptions(settings.options()).setMaxWaitingHandlers(settings.mostWaiting() + OWN_REQUESTS);
    }

    private void found(Arrival arrival) {
        RedisConnection fresh = arrival.connection();
        Pipeline made = new Pipeline(fresh, clustered ? new Lanes() : null, fates, outside.nanos());
        fresh.exceptionHandler(error -> fates.broken(made, error.getMessage()));
        fresh.endHandler(end -> fates.broken(made, "connection closed"));
        if (clustered) {
            // One after the other, on each server; calls that come earlier bring their script along.
            scripts.forEach(script -> RedisCluster.create(fresh).onAllMasterNodes(load(script)));
        } else {
            endTheOneBefore(fresh);
            seenAs = arrival.address();
            scripts.forEach(script -> fresh.send(load(script)));
        }
        pipeline = made;
        available = true;
        LOG.info("connected to Redis");
        sendWaiting();
        tellWhether();
    }

    /**
     * What was sent on the connection before may still be on its way, or lie unread in front of a Redis that was only
     * slow, and would be carried out after what is sent now.
     */
    private void endTheOneBefore(RedisConnection fresh) {
        if (seenAs != null) {
            fresh.send(Request.cmd(Command.CLIENT).arg("KILL").arg("ADDR").arg(seenAs));
        }
    }

    private static Request load(Script script) {
        return Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text());
    }

    /** What becomes of the calls that were sent. */
    private final class Fates implements Pipeline.Owner {

        @Override
        public void answered(RedisCall call, Response answer) {
            failures = 0;
            forget(call);
            call.promise().tryComplete(answer);
        }

        @Override
        public void refused(RedisCall call, String why) {
            long now = outside.nanos().getAsLong();
            if (now - complainedAt > COMPLAIN_NANOS) {
                complainedAt = now;
                LOG.atWarn().addKeyValue("error", why).log("a call to Redis failed");
            }
            fail(call, why);
        }

        @Override
        public void full(RedisCall call, String why) {
            room.lacks(call);
            refused(call, why);
        }

        @Override
        public void broken(Pipeline which, String why) {
            if (which == pipeline) {
                lose(why);
            }
        }

        @Override
        public void settled(List<RedisCall> again, String awayBecause) {
            putBack(again);
            if (awayBecause != null) {
                lose(awayBecause);
            } else {
                sendWaiting();
            }
        }
    }

    private void putBack(List<RedisCall> again) {
        for (int i = again.size() - 1; i >= 0; i--) {
            waiting.addFirst(again.get(i));
        }
    }

    private void lose(String why) {
        if (pipeline == null) {
            return;
        }
        LOG.atWarn().addKeyValue("error", why).log("lost Redis");
        Pipeline lost = pipeline;
        pipeline = null;
        available = false;
        client.close();
        Pipeline.Remains remains = lost.abandon();
        putBack(remains.unsent());
        putBack(remains.unknown().stream().filter(RedisCall::repeatable).toList());
        remains.unknown().stream()
                .filter(call -> !call.repeatable())
                .forEach(call -> fail(call, "Redis was lost before it answered"));
        waiting.removeIf(this::failIfImpatient);
        tellWhether();
        retryLater();
    }

    private boolean failIfImpatient(RedisCall call) {
        if (!call.patient()) {
            fail(call, "Redis is away");
        }
        return !call.patient();
    }

    private void retryLater() {
        if (!closed) {
            long longest = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(failures++, 10));
            long delay = longest / 2 + outside.below().applyAsLong(longest / 2 + 1);
            vertx.setTimer(delay, go -> connect(Promise.promise()));
        }
    }

    /** Takes a Redis that has stopped answering for lost, and lets nobody wait longer than allowed. */
    private void watch() {
        long now = outside.nanos().getAsLong();
        if (pipeline != null && pipeline.silentFor(settings.timeout().toNanos(), now)) {
            lose("no answer for " + settings.timeout());
        }
        Set<String> late = new HashSet<>();
        while (!waiting.isEmpty()
                && waiting.peekFirst().nanosSinceMade(now)
                        > settings.waitAtMost().toNanos()) {
            late.add(waiting.peekFirst().lane());
            failLate(waiting.removeFirst());
        }
        // Whoever is told so may ask again, and what waits behind it in its lane would have been put before it.
        waiting.removeIf(call -> late.contains(call.lane()) && failLate(call));
    }

    private boolean failLate(RedisCall call) {
        fail(call, "Redis stayed away");
        return true;
    }

    private void fail(RedisCall call, String why) {
        forget(call);
        call.promise().tryFail(new RedisAway(why));
    }

    private void forget(RedisCall call) {
        calls--;
        bytes -= call.weight();
    }

    /** Ends the conversation; whoever waits is told so. */
    @Override
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(go -> {
            closed = true;
            room.close();
            available = false;
            vertx.cancelTimer(watch);
            if (pipeline != null) {
                Pipeline.Remains remains = pipeline.abandon();
                putBack(remains.unsent());
                putBack(remains.unknown());
                pipeline = null;
            }
            while (!waiting.isEmpty()) {
                fail(waiting.removeFirst(), "the link to Redis is closed");
            }
            (client == null ? Future.<Void>succeededFuture() : client.close())
                    .onComplete(closing -> done.tryComplete());
        });
        return done.future();
    }
}
