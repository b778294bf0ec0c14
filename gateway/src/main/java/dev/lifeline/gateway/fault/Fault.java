package dev.lifeline.gateway.fault;

import java.util.function.Function;

/**
 * Lets this process fail where it is told to, for tests of everything around it: {@code
 * LIFELINE_FAILPOINT=step:nth:action}. See {@code docs/decisions/0016-crash-points.md}.
 *
 * <p>Without the variable the plan is a constant null, and the compiler of the JVM removes what asks for it.
 */
public final class Fault {

    /** Where the plan is written. Read once. */
    public static final String VARIABLE = "LIFELINE_FAILPOINT";

    /** What an exception that was asked for says. */
    public static final String WORD = "told to fail here";

    private static final Plan PLAN = Plan.of(System.getenv(VARIABLE));

    private Fault() {}

    /** Whether anything is to fail in this process; where being able to costs something. */
    public static boolean armed() {
        return PLAN != null;
    }

    /** This step is reached. The process dies or pauses here if it was told to; true, if the step is to fail. */
    public static boolean at(Step step) {
        return PLAN != null && PLAN.reached(step);
    }

    /** The same, where a failure is thrown. */
    public static void at(Step step, Function<String, ? extends RuntimeException> failure) {
        if (PLAN != null && PLAN.reached(step)) {
            throw failure.apply(WORD);
        }
    }
}
