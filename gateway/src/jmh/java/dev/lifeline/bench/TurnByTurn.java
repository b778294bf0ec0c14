package dev.lifeline.bench;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** An event loop whose turns the benchmark takes itself, so that an operation ends when all it brought about is done. */
final class TurnByTurn extends DefaultEventLoop {

    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public boolean inEventLoop(Thread thread) {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** At once: the pace of passes is for a loop that has others to serve. */
    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        return null;
    }

    void turnAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
