package dev.lifeline.gateway.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another node, as far as relaying to it goes: the message that gathers for it, and how much is on its way. To a node
 * that takes nothing, because it is frozen, gone or cut off, only so much is sent; the rest is dropped, for its readers
 * to find in the log.
 *
 * <p>A message that was written may still be lost with the connection. So messages are numbered, the node that misses one
 * compares its positions with the log; and when nothing follows for a while, it is asked until it has said that it knows
 * of all there were.
 *
 * <p>Lives on the context of its {@link EventBusRelay}.
 */
final class Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

    static final int MESSAGE_BYTES = 512 * 1024;
    static final long MOST_UNDER_WAY = 8L * 1024 * 1024;

    /** Looking up a node that is not there costs a call each time: after a failure, none for a while. */
    static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

    /** Some writes to a node that dies are never answered; after so long they are taken to have been lost. */
    static final long FORGET = TimeUnit.SECONDS.toNanos(10);

    /** After so long without anything new it is asked. */
    static final long QUIET = TimeUnit.MILLISECONDS.toNanos(300);

    /** Whoever does not answer for so long has checked its positions meanwhile, or is gone. */
    static final long ASK_AT_MOST = TimeUnit.MINUTES.toNanos(2);

    private static final SeldomLog COMPLAINTS = new SeldomLog(LOG);

    private final String node;
    private final Way way;
    private final LongSupplier clock;
    private final long line = ThreadLocalRandom.current().nextLong();
    private Buffer message;
    private long number;
    private long lastTaken;
    private boolean confirmed = true;
    private boolean asking;
    private long underWay;
    private int life;
    private long lastWrite;
    private long quietUntil;

    /** How messages get there. */
    interface Way {

        /** The future tells whether it was written, not whether it arrived. */
        Future<Void> write(Buffer message);

        /** The future succeeds when the node has answered. */
        Future<?> ask(Buffer message);
    }

    Peer(String node, Way way, LongSupplier clock) {
        this.node = node;
        this.way = way;
        this.clock = clock;
        this.lastWrite = clock.getAsLong();
        this.quietUntil = lastWrite;
    }

    /** Adds an encoded run to the message, which goes when the turn ends or it is large enough. */
    void take(Buffer run) {
        if (message == null) {
            message = RelayCodec.begin(line, number++);
            lastTaken = clock.getAsLong();
            confirmed = false;
        }
        message.appendBuffer(run);
        if (message.length() >= MESSAGE_BYTES) {
            send();
        }
    }

    void send() {
        if (message == null) {
            return;
        }
        Buffer full = message;
        message = null;
        long now = clock.getAsLong();
        if (now - quietUntil < 0) {
            return;
        }
        if (underWay > 0 && now - lastWrite > FORGET) {
            underWay = 0;
            life++;
        }
        if (underWay >= MOST_UNDER_WAY) {
            COMPLAINTS.warn("a node is not taking what is relayed to it, its readers will read it from the log", node);
            return;
        }
        go(full, now);
    }

    private void go(Buffer full, long now) {
        int size = full.length();
        int sentIn = life;
        underWay += size;
        lastWrite = now;
        attempt(full).onComplete(written -> {
            if (sentIn == life) {
                underWay -= size;
            }
            if (written.failed()) {
                LOG.debug("not relayed to {}: {}", node, written.cause().toString());
                quietUntil = clock.getAsLong() + PAUSE;
            }
        });
    }

    /** The bus throws, now and then, when a connection ends while it is written to: that is a failed write like others. */
    private Future<Void> attempt(Buffer full) {
        try {
            return way.write(full);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /** To be called now and then. */
    void turn() {
        long now = clock.getAsLong();
        if (confirmed || asking || now - lastTaken < QUIET || now - quietUntil < 0) {
            return;
        }
        if (now - lastTaken > ASK_AT_MOST) {
            confirmed = true;
            return;
        }
        asking = true;
        long upTo = number;
        ask(RelayCodec.begin(line, upTo)).onComplete(answer -> {
            asking = false;
            confirmed = answer.succeeded() && number == upTo;
            if (answer.failed()) {
                quietUntil = clock.getAsLong() + PAUSE;
            }
        });
    }

    private Future<?> ask(Buffer question) {
        try {
            return way.ask(question);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /** Whether there is nothing to remember of it. */
    boolean isIdle() {
        return message == null && underWay == 0 && confirmed && clock.getAsLong() - quietUntil >= 0;
    }
}
