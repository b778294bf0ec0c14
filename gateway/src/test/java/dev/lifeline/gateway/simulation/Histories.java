package dev.lifeline.gateway.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/** Many histories, and what was met in them; those that fail are named by their seeds. */
final class Histories {

    private static final int MOST_LINES = 3000;

    private final Met met = new Met();
    private final Map<Long, Throwable> failed = new LinkedHashMap<>();
    private final Plant plant;
    private long count;
    private long cpu;

    Histories(Plant plant) {
        this.plant = plant;
    }

    /** Runs the histories of so many seeds, or until so many have failed. Each by one thread, several side by side. */
    Histories run(long from, int histories, int mostFailures) {
        Logger gateway = (Logger) LoggerFactory.getLogger("dev.lifeline");
        Level before = gateway.getLevel();
        // What the gateway complains of in a world of faults is not news.
        gateway.setLevel(Level.OFF);
        try {
            runBySeveral(from, histories, mostFailures);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(told);
        } finally {
            gateway.setLevel(before);
        }
        return this;
    }

    private void runBySeveral(long from, int histories, int mostFailures) throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        int workers = Math.min(histories, Runtime.getRuntime().availableProcessors());
        List<Thread> threads = IntStream.range(0, workers)
                .mapToObj(which -> new Thread(() -> work(next, from + histories, mostFailures), "histories-" + which))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void work(AtomicLong next, long end, int mostFailures) {
        long begin = cpuTime();
        for (long seed = next.getAndIncrement(); seed < end && fewerThan(mostFailures); seed = next.getAndIncrement()) {
            Simulation one = new Simulation(seed, plant, null);
            Throwable wrong = null;
            try {
                one.run();
            } catch (RuntimeException | AssertionError failure) {
                wrong = failure;
            }
            note(seed, one, wrong);
        }
        synchronized (this) {
            cpu += cpuTime() - begin;
        }
    }

    private synchronized boolean fewerThan(int mostFailures) {
        return failed.size() < mostFailures;
    }

    private synchronized void note(long seed, Simulation one, Throwable wrong) {
        count++;
        met.addAll(one.met());
        if (wrong != null) {
            failed.put(seed, wrong);
        }
    }

    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    Met met() {
        return met;
    }

    Map<Long, Throwable> failed() {
        return failed;
    }

    /** How to see it again, what the seed expands to, and the end of what happened. */
    String report() {
        StringBuilder report = new StringBuilder(summary());
        failed.forEach(
                (seed, wrong) -> report.append('\n').append(seed).append(": ").append(wrong.getMessage()));
        failed.keySet().stream()
                .findFirst()
                .ifPresent(seed -> report.append("\nrepeat with -Dsimulation.seed=")
                        .append(seed)
                        .append(" -Dsimulation.histories=1\n")
                        .append(Options.of(seed))
                        .append('\n')
                        .append(story(seed)));
        return report.toString();
    }

    private String story(long seed) {
        List<String> lines = new ArrayList<>();
        try {
            new Simulation(seed, plant, lines).run();
        } catch (RuntimeException | AssertionError again) {
            lines.add(again.toString());
        }
        return String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
    }

    String summary() {
        return count + " histories, " + failed.size() + " failed, " + cpu / 1_000_000 + " ms of CPU; met " + met;
    }
}
