package dev.lifeline.gateway.stream;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** An event loop whose turns and whose time are the test's: nothing runs before somebody says so. */
class ManualLoop extends DefaultEventLoop {

    private record Timer(Runnable task, long at) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));
    private final MockTicker ticker;
    private long longestWait;

    ManualLoop(MockTicker ticker) {
        this.ticker = ticker;
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
        tasks.add(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        longestWait = Math.max(longestWait, unit.toNanos(delay));
        timers.add(new Timer(task, ticker.nanoTime() + unit.toNanos(delay)));
        return null;
    }

    /** Runs the next task there is, and says whether there was one. */
    boolean turn() {
        while (!timers.isEmpty() && timers.peek().at() <= ticker.nanoTime()) {
            tasks.add(timers.poll().task());
        }
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    int turnAll() {
        int turns = 0;
        while (turn()) {
            turns++;
        }
        return turns;
    }

    boolean isIdle() {
        return tasks.isEmpty() && timers.isEmpty();
    }

    int waiting() {
        return tasks.size() + timers.size();
    }

    long longestWait() {
        return longestWait;
    }
}
