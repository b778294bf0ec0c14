package dev.lifeline.gateway.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another node, as far as relaying to it goes: the message that gathers for it, and how much is on its way. To a node
 * that takes nothing, because it is frozen, gone or cut off, only so much is sent; the rest is dropped, for its readers
 * to find in the log.
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

    private static final SeldomLog COMPLAINTS = new SeldomLog(LOG);

    private final String node;
    private final Function<Buffer, Future<Void>> write;
    private final LongSupplier clock;
    private Buffer message;
    private long underWay;
    private int life;
    private long lastWrite;
    private long quietUntil;

    Peer(String node, Function<Buffer, Future<Void>> write, LongSupplier clock) {
        this.node = node;
        this.write = write;
        this.clock = clock;
        this.lastWrite = clock.getAsLong();
        this.quietUntil = lastWrite;
    }

    /** Adds an encoded run to the message, which goes when the turn ends or it is large enough. */
    void take(Buffer run) {
        if (message == null) {
            message = RelayCodec.begin();
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
        write.apply(full).onComplete(written -> {
            if (sentIn == life) {
                underWay -= size;
            }
            if (written.failed()) {
                LOG.debug("not relayed to {}: {}", node, written.cause().toString());
                quietUntil = clock.getAsLong() + PAUSE;
            }
        });
    }

    /** Whether there is nothing to remember of it. */
    boolean isIdle() {
        return message == null && underWay == 0 && clock.getAsLong() - quietUntil >= 0;
    }
}
