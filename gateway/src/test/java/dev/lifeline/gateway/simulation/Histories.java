package dev.lifeline.gateway.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Many histories, one after the other, and what was met in them; those that fail are named by their seeds. */
final class Histories {

    private static final int MOST_LINES = 3000;

    private final Met met = new Met();
    private final Map<Long, Throwable> failed = new LinkedHashMap<>();
    private final Plant plant;
    private long count;
    private long cpu;

    Histories(Plant plant) {
        this.plant = plant;
        // What the gateway complains of in a world of faults is not news.
        ((Logger) LoggerFactory.getLogger("dev.lifeline")).setLevel(Level.OFF);
    }

    /** Runs the histories of so many seeds, or until so many have failed. */
    Histories run(long from, int histories, int mostFailures) {
        long begin = cpuTime();
        for (long seed = from; seed < from + histories && failed.size() < mostFailures; seed++) {
            Simulation one = new Simulation(seed, plant, null);
            try {
                one.run();
            } catch (RuntimeException | AssertionError wrong) {
                failed.put(seed, wrong);
            }
            count++;
            met.addAll(one.met());
        }
        cpu += cpuTime() - begin;
        return this;
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
