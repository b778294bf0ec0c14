package dev.lifeline.gateway.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * One thread in which everything happens, in the order of a clock that stands still between one thing and the next. All
 * chance comes from one seed, so that what happened once happens again.
 */
final class World {

    private record Task(long at, long number, Life life, Runnable action) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Random random;
    private long now = Duration.ofHours(1).toNanos();
    private long numbers;
    private long done;

    World(long seed) {
        this.random = new Random(Options.mixed(seed) + 1);
    }

    long now() {
        return now;
    }

    long millis() {
        return now / 1_000_000;
    }

    /** How many things have happened. */
    long done() {
        return done;
    }

    void after(long nanos, Life life, Runnable action) {
        tasks.add(new Task(now + Math.max(0, nanos), numbers++, life, action));
    }

    void at(long when, Life life, Runnable action) {
        after(when - now, life, action);
    }

    /** Lets everything happen that is due until then. */
    void runUntil(long end) {
        while (!tasks.isEmpty() && tasks.peek().at() <= end) {
            Task next = tasks.poll();
            now = Math.max(now, next.at());
            if (next.life().ended()) {
                continue;
            }
            if (next.life().frozenUntil() > now) {
                tasks.add(new Task(next.life().frozenUntil(), next.number(), next.life(), next.action()));
                continue;
            }
            done++;
            next.action().run();
        }
        now = Math.max(now, end);
    }

    // ---- chance

    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** A time between two, the short ones likelier: most things are quick. */
    long between(Duration least, Duration most) {
        double much = random.nextDouble();
        return least.toNanos() + (long) ((most.toNanos() - least.toNanos()) * much * much * much);
    }
}
