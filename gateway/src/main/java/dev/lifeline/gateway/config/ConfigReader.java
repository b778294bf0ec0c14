package dev.lifeline.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: the file, then the environment, then the flags; the later wins.
 *
 * <pre>
 *   flags, environment -> which file? -> layers -> each value by itself -> values together -> GatewayConfig
 * </pre>
 *
 * <p>Everything is looked at before anything is refused, and all of it before a port opens.
 */
public final class ConfigReader {

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConfigReader() {}

    /**
     * Reads it all.
     *
     * @param args the arguments after the command
     * @param environment the environment of the process
     * @throws ConfigProblems with everything that is wrong
     */
    public static ConfigResult read(List<String> args, Map<String, String> environment) {
        return new ConfigReader().readAll(args, environment);
    }

    private ConfigResult readAll(List<String> args, Map<String, String> variables) {
        Arguments arguments = new Arguments(args, problems);
        if (arguments.asksForHelp()) {
            return new ConfigResult.HelpWanted(Help.text());
        }
        Map<String, Values.Given> environment = new Environment(variables, warnings).given();
        Map<String, Values.Given> file = file(new Values(List.of(environment, arguments.given())));
        Values values = new Values(List.of(file, environment, arguments.given()));
        validate(values);
        advise(values);
        if (!problems.isEmpty()) {
            throw new ConfigProblems(problems);
        }
        return new ConfigResult.Ready(Assembly.of(values), Effective.of(values), List.copyOf(warnings));
    }

    private Map<String, Values.Given> file(Values withoutFile) {
        Optional<Path> path = withoutFile.isValid(OperationOptions.CONFIG)
                ? withoutFile.get(OperationOptions.CONFIG)
                : Optional.empty();
        return path.map(each -> new ConfigFile(each, problems).given()).orElse(Map.of());
    }

    private void validate(Values values) {
        for (Option<?> option : Options.ALL) {
            if (!values.isValid(option)) {
                problems.add(refused(option, values.given(option)));
            }
        }
        Rules.LAWS.forEach(law -> law.check(values).ifPresent(problems::add));
    }

    private static Problem refused(Option<?> option, Values.Given given) {
        String value = option.secret() ? "the value (not shown)" : Problem.quote(given.text());
        return new Problem(
                given.origin().toString(),
                option.key() + ": " + value + " is not accepted; expected "
                        + option.kind().expected());
    }

    private void advise(Values values) {
        Rules.ADVICE.forEach(rule -> rule.check(values).map(Problem::what).ifPresent(warnings::add));
        for (Option<?> option : Options.ALL) {
            if (values.given(option).origin() instanceof Origin.Flag flag
                    && values.shown(option).contains(Option.MASK)) {
                warnings.add(flag.name() + " holds a secret that everybody on this machine can see; use "
                        + option.environment() + " or the file");
            }
        }
    }
}
