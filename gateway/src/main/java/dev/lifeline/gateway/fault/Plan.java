package dev.lifeline.gateway.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to happen at which step, at the how manieth time it is reached. Each happens once. */
public final class Plan {

    private static final Logger LOG = LoggerFactory.getLogger(Plan.class);

    /** @param nth counted from one */
    private record Point(Step step, int nth, Action action) {

        static Point of(String text) {
            String[] parts = text.strip().split(":", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("\"" + text + "\" is not of the form step:nth:action");
            }
            return new Point(
                    oneOf(Step.values(), step -> step.label().equals(parts[0]), parts[0], Step::label),
                    count(parts[1]),
                    oneOf(Action.values(), action -> label(action).equals(parts[2]), parts[2], Point::label));
        }

        private static String label(Action action) {
            return action.name().toLowerCase(Locale.ROOT);
        }

        private static <T> T oneOf(T[] all, Predicate<T> isMeant, String text, Function<T, String> as) {
            return Arrays.stream(all)
                    .filter(isMeant)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is none of "
                            + Arrays.stream(all).map(as).collect(Collectors.joining(", "))));
        }

        private static int count(String text) {
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new IllegalArgumentException("\"" + text + "\" is no number from 1 on");
            }
            return Integer.parseInt(text);
        }

        @Override
        public String toString() {
            return step.label() + ":" + nth + ":" + label(action);
        }
    }

    private final List<Point> points;
    private final Map<Step, AtomicInteger> reached = new EnumMap<>(Step.class);

    private Plan(List<Point> points) {
        this.points = points;
        for (Step step : Step.values()) {
            reached.put(step, new AtomicInteger());
        }
    }

    /**
     * Reads what stands in the environment; null where nothing does.
     *
     * @throws IllegalArgumentException if nobody can tell what is meant
     */
    public static Plan of(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        List<Point> points = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            points.add(Point.of(each));
        }
        return new Plan(points);
    }

    /** Counts, and does what is due; says whether the step is to fail. */
    boolean reached(Step step) {
        int times = reached.get(step).incrementAndGet();
        boolean fails = false;
        for (Point point : points) {
            if (point.step() == step && point.nth() == times) {
                LOG.warn("failpoint {}", point);
                fails |= point.action().happen();
            }
        }
        return fails;
    }

    @Override
    public String toString() {
        return points.stream().map(Point::toString).collect(Collectors.joining(","));
    }
}
