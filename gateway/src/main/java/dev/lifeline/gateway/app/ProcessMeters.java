package dev.lifeline.gateway.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.lifeline.gateway.metrics.Meters;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.util.concurrent.TimeUnit;

/** What the process itself uses up, by the names that Prometheus' own libraries give it. Asked for at each scrape only. */
final class ProcessMeters {

    private ProcessMeters() {}

    static void register(Meters meters) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        meters.gauge(
                "process_heap_used_bytes",
                "Heap in use, garbage included",
                "bytes",
                memory,
                it -> it.getHeapMemoryUsage().getUsed());
        meters.gauge(
                "process_heap_max_bytes",
                "Heap there can be at most",
                "bytes",
                memory,
                it -> it.getHeapMemoryUsage().getMax());
        meters.gauge(
                "process_start_time_seconds",
                "When the process started, since 1970",
                "seconds",
                ManagementFactory.getRuntimeMXBean(),
                it -> it.getStartTime() / 1000.0);
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof UnixOperatingSystemMXBean unix) {
            register(meters, unix);
        }
    }

    private static void register(Meters meters, UnixOperatingSystemMXBean unix) {
        meters.counter(
                "process_cpu_seconds",
                "Processor time used",
                "seconds",
                unix,
                it -> it.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1));
        meters.gauge(
                "process_open_fds",
                "File descriptors open, one for each connection",
                "descriptors",
                unix,
                UnixOperatingSystemMXBean::getOpenFileDescriptorCount);
        meters.gauge(
                "process_max_fds",
                "File descriptors that can be open",
                "descriptors",
                unix,
                UnixOperatingSystemMXBean::getMaxFileDescriptorCount);
    }
}
