package dev.lifeline.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Makes meters that say what they count and in which unit. The unit stands in the help text: as Micrometer would have it,
 * it became part of the name. Labels come in pairs, and their values from closed lists.
 */
public final class Meters {

    private static final Duration[] STEPS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    private static String help(String what, String unit) {
        return what + " (" + unit + ")";
    }

    public Counter counter(String name, String what, String unit, String... labels) {
        return Counter.builder(name).description(help(what, unit)).tags(labels).register(registry);
    }

    /** A counter that somebody else keeps. */
    public <T> void counter(String name, String what, String unit, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(help(what, unit)).register(registry);
    }

    public <T> void gauge(String name, String what, String unit, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(help(what, unit))
                .strongReference(true)
                .register(registry);
    }

    public Timer timer(String name, String what, String... labels) {
        return Timer.builder(name)
                .description(help(what, "seconds"))
                .tags(labels)
                .register(registry);
    }

    /** A timer with few buckets, for shares and quantiles. */
    public Timer histogram(String name, String what, String... labels) {
        return Timer.builder(name)
                .description(help(what, "seconds"))
                .tags(labels)
                .serviceLevelObjectives(STEPS)
                .register(registry);
    }
}
