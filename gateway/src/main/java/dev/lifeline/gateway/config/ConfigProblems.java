package dev.lifeline.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration was refused. Holds everything that is wrong with it, so that one look suffices to mend it. */
public final class ConfigProblems extends RuntimeException {

    private final transient List<Problem> problems;

    ConfigProblems(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return problems.stream()
                .map(Problem::toString)
                .collect(Collectors.joining("\n  - ", "the configuration has " + count + ":\n  - ", ""));
    }
}
