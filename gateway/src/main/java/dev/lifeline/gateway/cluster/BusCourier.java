package dev.lifeline.gateway.cluster;

import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries questions over the clustered event bus, while there is one: {@link Cluster} lends it the bus of each stay. Each
 * node listens at one address, its own, to questions and to answers.
 *
 * <p>A question that could not be written was not sent. One that was written and has no answer when its time is over, when
 * the bus is gone or when the other node is, may have been heard. May be called from any thread.
 */
public final class BusCourier implements Courier {

    private static final Logger LOG = LoggerFactory.getLogger(BusCourier.class);

    /** For a question that takes an upstream's answer with it; whoever asks for less gives up earlier by himself. */
    public static final Duration TIMEOUT = Duration.ofSeconds(15);

    static final int MOST_UNDER_WAY = 4096;

    private final SeldomLog complaints = new SeldomLog(LOG);
    private final Map<String, BiFunction<String, String, Future<String>>> subjects = new ConcurrentHashMap<>();
    private final Map<Long, Asked> underWay = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Vertx vertx;
    private final Context context;
    private final NodeLease lease;
    private final Duration timeout;
    private volatile Bus bus;

    /** A question under way. */
    private record Asked(String node, Promise<String> promise, long timer) {}

    /** The event bus of one stay in the cluster. */
    private record Bus(Vertx vertx, Context context) {

        /** The future tells whether it was written; on the context of the bus. */
        Future<Void> write(String node, Buffer message) {
            Promise<Void> written = Promise.promise();
            context.runOnContext(turn -> send(node, message).onComplete(written));
            return written.future();
        }

        private Future<Void> send(String node, Buffer message) {
            try {
                return vertx.eventBus().<Buffer>sender(address(node)).write(message);
            } catch (RuntimeException ended) {
                return Future.failedFuture(ended);
            }
        }
    }

    public BusCourier(Vertx vertx, NodeLease lease) {
        this(vertx, lease, TIMEOUT);
    }

    /**
     * A courier without a bus as yet.
     *
     * @param vertx the gateway's own: questions are answered on one of its contexts
     */
    public BusCourier(Vertx vertx, NodeLease lease, Duration timeout) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.lease = lease;
        this.timeout = timeout;
        lease.onLapsed(this::lapsed);
    }

    /** Goes to work on a bus that was joined. The future succeeds when questions can be heard. */
    Future<Void> enter(Vertx clustered) {
        Bus entered = new Bus(clustered, clustered.getOrCreateContext());
        Promise<Void> listening = Promise.promise();
        entered.context()
                .runOnContext(begin -> clustered
                        .eventBus()
                        .consumer(address(self()), this::heard)
                        .completion()
                        .onSuccess(ready -> bus = entered)
                        .onComplete(listening));
        return listening.future();
    }

    /** The bus is gone, and with it all answers that were to come. */
    void leave() {
        bus = null;
        underWay.keySet().forEach(number -> settle(number, Ending.LOST, "the way to the other nodes was lost"));
    }

    private void lapsed(String node) {
        underWay.forEach((number, asked) -> {
            if (asked.node().equals(node)) {
                settle(number, Ending.LOST, "the node that was asked is gone");
            }
        });
    }

    private String self() {
        return lease.self().id();
    }

    static String address(String node) {
        return "courier." + node;
    }

    @Override
    public Set<String> alive() {
        return lease.isSure()
                ? lease.members().stream().map(Member::id).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    @Override
    public boolean isDead(String node) {
        return lease.isDead(node);
    }

    @Override
    public Future<Boolean> isSilent(String node) {
        return lease.isSilent(node);
    }

    @Override
    public void answer(String subject, BiFunction<String, String, Future<String>> how) {
        subjects.put(subject, how);
    }

    @Override
    public Future<String> ask(String node, String subject, String question) {
        ContextInternal caller = ContextInternal.current();
        Promise<String> promise = caller == null ? Promise.promise() : caller.promise();
        Bus way = bus;
        if (node.equals(self())) {
            answerHere(node, subject, question).onComplete(promise);
        } else if (way == null) {
            promise.fail(new LinkFailure(Ending.NOT_SENT, "there is no way to other nodes just now"));
        } else if (underWay.size() >= MOST_UNDER_WAY) {
            promise.fail(new LinkFailure(Ending.NOT_SENT, "too many questions to other nodes are under way"));
        } else {
            send(way, promise, node, subject, question);
        }
        return promise.future();
    }

    private void send(Bus way, Promise<String> promise, String node, String subject, String question) {
        long number = numbers.incrementAndGet();
        long timer = vertx.setTimer(
                timeout.toMillis(), late -> settle(number, Ending.LOST, "the other node did not answer in time"));
        underWay.put(number, new Asked(node, promise, timer));
        way.write(node, CourierCodec.question(number, self(), subject, question))
                .onFailure(unwritten -> settle(number, Ending.NOT_SENT, "the other node cannot be reached"));
        if (way != bus) {
            // It was lost, perhaps before this question could be found among those that were lost with it.
            settle(number, Ending.LOST, "the way to the other nodes was lost");
        }
    }

    /** The first word about a question counts. */
    private void settle(long number, Ending ending, String text) {
        Asked asked = underWay.remove(number);
        if (asked == null) {
            return;
        }
        vertx.cancelTimer(asked.timer());
        if (ending == Ending.DONE) {
            asked.promise().complete(text);
        } else {
            asked.promise().fail(new LinkFailure(ending, text));
        }
    }

    private void heard(Message<Object> message) {
        try {
            CourierCodec.decode((Buffer) message.body(), new Desk());
        } catch (RuntimeException malformed) {
            complaints.warn("a question or an answer of another node was not understood", malformed);
        }
    }

    /** Where messages of other nodes are taken in. */
    private final class Desk implements CourierCodec.Sink {

        @Override
        public void asked(long number, String asker, String subject, String question) {
            context.runOnContext(turn -> answerHere(asker, subject, question)
                    .onSuccess(text -> reply(asker, number, Ending.DONE, text))
                    .onFailure(failure -> reply(asker, number, ending(failure), String.valueOf(failure.getMessage()))));
        }

        @Override
        public void answered(long number, Ending ending, String text) {
            settle(number, ending, text);
        }
    }

    /** Whoever fails in a way of his own may have done what he was asked for. */
    private static Ending ending(Throwable failure) {
        return failure instanceof LinkFailure link && link.ending() != Ending.DONE ? link.ending() : Ending.LOST;
    }

    private Future<String> answerHere(String asker, String subject, String question) {
        BiFunction<String, String, Future<String>> how = subjects.get(subject);
        if (how == null) {
            return Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "nobody answers " + subject + " there"));
        }
        try {
            return how.apply(asker, question);
        } catch (RuntimeException thrown) {
            LOG.error("a question of another node could not be answered", thrown);
            return Future.failedFuture(thrown);
        }
    }

    private void reply(String asker, long number, Ending ending, String text) {
        Bus way = bus;
        if (way != null) {
            way.write(asker, CourierCodec.answer(number, ending, text))
                    .onFailure(unwritten -> LOG.debug("an answer did not reach {}: {}", asker, unwritten.toString()));
        }
    }
}
