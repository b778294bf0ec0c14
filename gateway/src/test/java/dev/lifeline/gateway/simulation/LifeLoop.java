package dev.lifeline.gateway.simulation;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop of a life: what it is given happens when the world comes to it. */
final class LifeLoop extends DefaultEventLoop {

    private final World world;
    private final Life life;
    private final Ticker ticker;

    LifeLoop(World world, Life life) {
        super(Runnable::run);
        this.world = world;
        this.life = life;
        this.ticker = new WorldTicker(world);
    }

    @Override
    public Ticker ticker() {
        // The constructor above asks before there is one.
        return ticker == null ? Ticker.systemTicker() : ticker;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        world.after(0, life, task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        world.after(unit.toNanos(delay), life, task);
        return null;
    }

    private record WorldTicker(World world) implements Ticker {

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return world.now();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("nobody sleeps here");
        }
    }
}
