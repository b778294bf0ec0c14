package dev.lifeline.gateway.client;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Notices that nothing was heard for too long. One timer, set anew when it fires; lives on its context. */
public final class Silence {

    private final Vertx vertx;
    private final long bearable;
    private final Runnable tooLong;
    private long heardAt = System.nanoTime();
    private long timer;
    private boolean held;

    public Silence(Vertx vertx, Duration bearable, Runnable tooLong) {
        this.vertx = vertx;
        this.bearable = Math.max(1, bearable.toMillis());
        this.tooLong = tooLong;
        this.timer = vertx.setTimer(this.bearable, due -> look());
    }

    public void heard() {
        heardAt = System.nanoTime();
    }

    /** While it is held, nobody listens, and silence proves nothing. */
    public void hold(boolean yes) {
        held = yes;
        heard();
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    private void look() {
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardAt);
        if (held || silent < bearable) {
            timer = vertx.setTimer(held ? bearable : bearable - silent, due -> look());
        } else {
            tooLong.run();
        }
    }
}
