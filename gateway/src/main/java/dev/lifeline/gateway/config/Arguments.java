package dev.lifeline.gateway.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads flags: {@code --key value}, {@code --key=value}, {@code --switch}, {@code --no-switch}. Does not read values;
 * {@link Kind} does. Never quotes an argument that is no flag: it may be a password that lost its quotes.
 */
final class Arguments {

    private static final Set<String> HELP = Set.of("--help", "-h");

    private final Map<String, Values.Given> given = new HashMap<>();
    private final Collection<Problem> problems;
    private final ListIterator<String> rest;
    private boolean help;

    Arguments(List<String> args, Collection<Problem> problems) {
        this.problems = problems;
        this.rest = new ArrayList<>(args).listIterator();
        while (rest.hasNext()) {
            take(rest.next());
        }
    }

    Map<String, Values.Given> given() {
        return given;
    }

    boolean asksForHelp() {
        return help;
    }

    private void take(String argument) {
        if (HELP.contains(argument)) {
            help = true;
        } else if (argument.startsWith("--")) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            flag(name, equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1)));
        } else {
            refuse(
                    "argument " + rest.nextIndex(),
                    "not a flag; flags look like --port 8080, and a value with spaces needs quotes");
        }
    }

    private void flag(String name, Optional<String> attached) {
        Optional<Option<?>> known = Options.byFlag(name);
        Optional<Option<?>> negated = Options.ALL.stream()
                .filter(option -> option.kind().isSwitch() && option.negation().equals(name))
                .findFirst();
        if (known.isPresent()) {
            value(known.get(), attached).ifPresent(text -> record(known.get(), name, text));
        } else if (negated.isPresent() && attached.isEmpty()) {
            record(negated.get(), name, "false");
        } else if (negated.isPresent()) {
            refuse(name, "takes no value");
        } else {
            refuse(Problem.quote(nameOnly(name)), "there is no such flag" + Spelling.hint(name, flagSpellings()));
            nextUnlessFlag();
        }
    }

    /** What looks like a name: after a mistyped separator there may be a password. */
    private static String nameOnly(String flag) {
        return flag.replaceFirst("(?s)(?<=[\\w-])[^\\w-].*", "...");
    }

    private Optional<String> value(Option<?> option, Optional<String> attached) {
        if (attached.isPresent()) {
            return attached;
        }
        if (option.kind().isSwitch()) {
            return Optional.of(switchValue(option));
        }
        Optional<String> next = nextUnlessFlag();
        if (next.isEmpty()) {
            refuse(option.flag(), "needs a value; expected " + option.kind().expected());
        }
        return next;
    }

    /** {@code --h2c} alone means yes; a yes or no right after it is its value. */
    private String switchValue(Option<?> option) {
        if (!rest.hasNext()) {
            return "true";
        }
        String next = rest.next();
        if (option.kind().read(next).isPresent()) {
            return next;
        }
        rest.previous();
        return "true";
    }

    private Optional<String> nextUnlessFlag() {
        if (!rest.hasNext()) {
            return Optional.empty();
        }
        String next = rest.next();
        if (next.startsWith("--")) {
            rest.previous();
            return Optional.empty();
        }
        return Optional.of(next);
    }

    /** The last one wins, so that a script's flags can be overruled by its arguments; only lists add up. */
    private void record(Option<?> option, String name, String text) {
        Values.Given before = given.get(option.key());
        boolean adds = option.kind().many() && before != null && !before.text().isEmpty();
        given.put(
                option.key(),
                new Values.Given(
                        adds ? before.text() + option.kind().separator() + text : text, new Origin.Flag(name)));
    }

    private static Map<String, String> flagSpellings() {
        Map<String, String> names = Options.spellings(Option::flag);
        Options.ALL.stream()
                .filter(option -> option.kind().isSwitch())
                .forEach(option -> names.put(option.negation(), option.negation()));
        return names;
    }

    private void refuse(String where, String what) {
        problems.add(new Problem(where, what));
    }
}
