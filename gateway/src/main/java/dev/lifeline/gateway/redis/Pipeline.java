package dev.lifeline.gateway.redis;

import io.vertx.core.AsyncResult;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The calls under way on one connection, sent without waiting for each other's answers, and what those answers mean.
 *
 * <p>Redis may say that it did not carry a call out: it does not know the script, or is not ready. Then the call is to go
 * again, but calls sent after it may have been carried out already. So the pipeline is first left to run empty, with
 * nothing new let in ({@link #settling}); then those held back go again in their order, except where a later call of the
 * same lane got through: what is behind it must not be put before it.
 *
 * <p>Lives on the link's context.
 */
final class Pipeline {

    /** Who gave the calls, and hears what became of them. */
    interface Owner {

        void answered(RedisCall call, Response answer);

        void refused(RedisCall call, String why);

        /** Refused, as all that would be written is: Redis has no room. */
        void full(RedisCall call, String why);

        /** The connection is of no use any more; {@link #abandon} tells what was under way. */
        void broken(Pipeline pipeline, String why);

        /** The pipeline has run empty. These calls were not carried out, and may go again. */
        void settled(List<RedisCall> again, String awayBecause);
    }

    /** Redis is there, but not in a state to do anything; it said so before doing anything. */
    private static final Set<String> NOT_NOW =
            Set.of("LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS");

    /** Its disk, or its memory. */
    private static final Set<String> NO_ROOM = Set.of("MISCONF", "OOM");

    private static final String UNKNOWN_SCRIPT = "NOSCRIPT";
    private static final String CLOSED = "CONNECTION_CLOSED";

    private final RedisConnection connection;
    private final Lanes lanes;
    private final Owner owner;

    // In the order sent.
    private final Set<RedisCall> underWay = new LinkedHashSet<>();
    private final List<RedisCall> heldBack = new ArrayList<>();
    private final Set<String> overtaken = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final LongSupplier nanos;
    private long heardAt;
    private boolean settling;
    private String away;
    private boolean abandoned;

    /** @param lanes null where one connection is one server, which keeps the order by itself */
    Pipeline(RedisConnection connection, Lanes lanes, Owner owner, LongSupplier nanos) {
        this.nanos = nanos;
        this.heardAt = nanos.getAsLong();
        this.connection = connection;
        this.lanes = lanes;
        this.owner = owner;
    }

    RedisConnection connection() {
        return connection;
    }

    boolean settling() {
        return settling;
    }

    void send(RedisCall call) {
        if (lanes == null || lanes.enter(call)) {
            transmit(call);
        }
    }

    private void transmit(RedisCall call) {
        underWay.add(call);
        call.sent(nanos.getAsLong());
        if (lanes == null && told.add(call.script().digest())) {
            // A server that may just have started: of calls in a row, none is to be overtaken for want of a script.
            call.tellInFull();
        }
        connection.send(call.request()).onComplete(answer -> {
            // What becomes of a call whose connection was lost was decided then.
            if (!abandoned) {
                hear(call, answer);
            }
        });
    }

    private void hear(RedisCall call, AsyncResult<Response> answer) {
        if (answer.failed() && !saidByRedis(answer.cause())) {
            owner.broken(this, answer.cause().getMessage());
            return;
        }
        underWay.remove(call);
        heardAt = nanos.getAsLong();
        if (answer.succeeded()) {
            if (settling) {
                overtaken.add(call.lane());
            }
            owner.answered(call, answer.result());
        } else {
            judge(call, (ErrorType) answer.cause());
        }
        goOnAfter(call);
    }

    /** The client also words the end of a connection as if Redis had said so. */
    private static boolean saidByRedis(Throwable failure) {
        return failure instanceof ErrorType error && !error.is(CLOSED);
    }

    private void judge(RedisCall call, ErrorType refusal) {
        if (refusal.is(UNKNOWN_SCRIPT)) {
            call.tellInFull();
            holdBack(call);
        } else if (says(refusal, NOT_NOW)) {
            away = refusal.getMessage();
            holdBack(call);
        } else if (says(refusal, NO_ROOM)) {
            owner.full(call, "Redis has no room: " + refusal.getMessage());
        } else {
            owner.refused(call, "Redis refused: " + refusal.getMessage());
        }
    }

    private static boolean says(ErrorType refusal, Set<String> words) {
        // Before Redis 7 what a command within a script says comes wrapped.
        String said = refusal.getMessage();
        return words.stream().anyMatch(word -> said.startsWith(word) || said.contains(" -" + word + " "));
    }

    private void holdBack(RedisCall call) {
        settling = true;
        heldBack.add(call);
    }

    private void goOnAfter(RedisCall call) {
        // The owner may have ended this conversation from within its answer.
        if (abandoned) {
            return;
        }
        RedisCall next = lanes == null || settling ? null : lanes.leave(call);
        if (next != null) {
            transmit(next);
        }
        if (settling && underWay.isEmpty()) {
            settle();
        }
    }

    private void settle() {
        String awayBecause = away;
        settling = false;
        away = null;
        owner.settled(takeHeldBack(), awayBecause);
    }

    /**
     * Whether Redis has owed an answer, and given none, for longer than this. One that works its way through a long
     * queue is not silent; but of several servers one may be, while the others answer.
     */
    boolean silentFor(long nanos, long now) {
        if (underWay.isEmpty()) {
            return false;
        }
        long owed = underWay.iterator().next().nanosSinceSent(now);
        return (lanes == null ? Math.min(owed, now - heardAt) : owed) > nanos;
    }

    /** Ends the conversation, and tells what was on the way. */
    Remains abandon() {
        abandoned = true;
        List<RedisCall> unknown = new ArrayList<>(underWay);
        unknown.forEach(call -> overtaken.add(call.lane()));
        return new Remains(unknown, takeHeldBack());
    }

    /** Those that were not carried out and may still be, in their order; the owner hears of the others. */
    private List<RedisCall> takeHeldBack() {
        List<RedisCall> again = new ArrayList<>();
        for (RedisCall call : heldBack) {
            if (overtaken.contains(call.lane())) {
                owner.refused(call, "Redis did not carry it out, but perhaps a call after it");
            } else {
                again.add(call);
            }
        }
        if (lanes != null) {
            again.addAll(lanes.clear());
        }
        heldBack.clear();
        overtaken.clear();
        return again;
    }

    /**
     * The calls of a pipeline that was given up, each list in the order made.
     *
     * @param unknown may have been carried out
     * @param unsent were certainly not carried out, and go after the others
     */
    record Remains(List<RedisCall> unknown, List<RedisCall> unsent) {}
}
