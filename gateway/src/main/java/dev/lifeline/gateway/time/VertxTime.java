package dev.lifeline.gateway.time;

import io.vertx.core.Vertx;
import java.time.Duration;

/** The time of this machine, with the timers of Vert.x: they call back on the context of whoever set them. */
public record VertxTime(Vertx vertx) implements Time {

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Alarm after(Duration wait, Runnable action) {
        return alarm(vertx.setTimer(millis(wait), due -> action.run()));
    }

    @Override
    public Alarm every(Duration period, Runnable action) {
        return alarm(vertx.setPeriodic(millis(period), turn -> action.run()));
    }

    @Override
    public void soon(Runnable action) {
        vertx.runOnContext(turn -> action.run());
    }

    private Alarm alarm(long timer) {
        return () -> vertx.cancelTimer(timer);
    }

    private static long millis(Duration asked) {
        return Math.max(1, asked.toMillis());
    }
}
