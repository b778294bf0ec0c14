package dev.lifeline.gateway.redis;

import dev.lifeline.gateway.redis.RedisLink.Temper;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis has room: one whose disk or memory is full answers, and refuses what would be written. Nobody may write
 * for a while after that, so it is asked again until it takes a write that changes nothing, in the place where it refused
 * the last one.
 *
 * <p>Lives on the link's context, and may be asked from any thread.
 */
final class Room {

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);
    private static final long ASK_AGAIN_MILLIS = 500;
    private static final Script WRITE_NOTHING =
            Script.saying("return redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', 'room', '')");

    private final Vertx vertx;
    private final Scripts redis;
    private final Runnable changed;
    private volatile boolean lacking;
    private String lane;
    private boolean closed;

    /** @param changed hears of either */
    Room(Vertx vertx, Scripts redis, Runnable changed) {
        this.vertx = vertx;
        this.redis = redis;
        this.changed = changed;
    }

    boolean lacking() {
        return lacking;
    }

    /** A write was refused. */
    void lacks(RedisCall refused) {
        if (!lacking) {
            lacking = true;
            lane = refused.lane();
            LOG.warn("Redis takes no writes");
            changed.run();
            askLater();
        }
    }

    private void askLater() {
        vertx.setTimer(ASK_AGAIN_MILLIS, go -> {
            if (!closed) {
                ask();
            }
        });
    }

    private void ask() {
        redis.call(WRITE_NOTHING, List.of(lane + ":room"), List.of(), Temper.IMPATIENT)
                .onSuccess(taken -> {
                    lacking = false;
                    LOG.info("Redis takes writes again");
                    changed.run();
                })
                .onFailure(refused -> askLater());
    }

    void close() {
        closed = true;
    }
}
