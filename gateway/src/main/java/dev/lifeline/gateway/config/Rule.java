package dev.lifeline.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Something several options together must satisfy.
 *
 * @param law a sentence that says it
 * @param options those it is about; while one of them is not valid by itself, the rule keeps quiet
 * @param kept whether valid values satisfy it
 */
record Rule(String law, List<Option<?>> options, Predicate<Values> kept) {

    static Rule that(String law) {
        return new Rule(law, List.of(), values -> true);
    }

    Rule about(Option<?>... those) {
        return new Rule(law, List.of(those), kept);
    }

    Rule holds(Predicate<Values> test) {
        return new Rule(law, options, test);
    }

    Optional<Problem> check(Values values) {
        if (!options.stream().allMatch(values::isValid) || kept.test(values)) {
            return Optional.empty();
        }
        String keys = options.stream().map(Option::key).collect(Collectors.joining(", "));
        String given = options.stream().map(each -> state(each, values)).collect(Collectors.joining(", "));
        return Optional.of(new Problem(keys, law + "; now " + given));
    }

    private static String state(Option<?> option, Values values) {
        String text = values.isGiven(option) ? values.shown(option) : "not given";
        return option.key() + " is " + text + " (" + values.given(option).origin() + ")";
    }
}
