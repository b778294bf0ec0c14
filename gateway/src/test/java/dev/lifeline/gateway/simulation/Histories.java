package dev.lifeline.gateway.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Many histories, one after the other. */
final class Histories {

    private Histories() {}

    static void silence() {
        ((Logger) LoggerFactory.getLogger("dev.lifeline")).setLevel(Level.OFF);
    }

    static void run() {}

    public static void main(String[] a) {
        silence();
        long from = Long.parseLong(a[0]);
        int count = Integer.parseInt(a[1]);
        Plant plant = a.length > 2 ? Plant.valueOf(a[2]) : Plant.NONE;
        int most = a.length > 3 ? Integer.parseInt(a[3]) : 5;
        Met met = new Met();
        long begin = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long done = 0;
        int failed = 0;
        java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
        for (long seed = from; seed < from + count; seed++) {
            Simulation one = new Simulation(seed, plant, null);
            try {
                one.run();
            } catch (Throwable v) {
                failed++;
                kinds.merge(
                        String.valueOf(v.getMessage()).replaceAll("[a-z0-9]+-[0-9]+|[0-9]+|@[^ ]+|\\[.*|: .*", "*"),
                        1,
                        Integer::sum);
                if (failed <= most) {
                    System.out.println("seed " + seed + ": " + v);
                    if (!(v instanceof Violation)) v.printStackTrace(System.out);
                    if (count == 1) {
                        List<String> lines = new ArrayList<>();
                        try {
                            new Simulation(seed, plant, lines).run();
                        } catch (Throwable again) {
                            System.out.println(again);
                        }
                        System.out.println(Options.of(seed));
                        lines.forEach(System.out::println);
                    }
                }
            }
            met.addAll(one.met());
            done += one.done();
        }
        long cpu = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        System.out.println(failed + " of " + count + " failed; " + done + " steps, cpu " + cpu / 1_000_000 + " ms");
        kinds.forEach((k, n) -> System.out.println(n + " x " + k));
        System.out.println(met);
    }
}
