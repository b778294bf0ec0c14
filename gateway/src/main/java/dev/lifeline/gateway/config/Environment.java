package dev.lifeline.gateway.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the {@code LIFELINE_} variables of an environment. An empty variable counts as absent, as compose files leave
 * many. Unknown ones are only warned of: an environment is often not ours alone.
 */
final class Environment {

    /**
     * What Kubernetes puts into every container for a service called lifeline, among it {@code
     * LIFELINE_PORT=tcp://10.0.0.1:8080}, which is not meant for us.
     */
    private static final Pattern SERVICE_LINK_NAME =
            Pattern.compile(".*_SERVICE_(HOST|PORT)(_.*)?|.*_PORT_\\d+_(TCP|UDP|SCTP)(_.*)?");

    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, Values.Given> given = new HashMap<>();
    private final Collection<String> warnings;

    Environment(Map<String, String> variables, Collection<String> warnings) {
        this.warnings = warnings;
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(Option.ENVIRONMENT_PREFIX) && !value.isBlank()) {
                take(name, value);
            }
        });
    }

    Map<String, Values.Given> given() {
        return given;
    }

    private void take(String name, String value) {
        boolean link =
                name.endsWith("_PORT") && SERVICE_LINK_VALUE.matcher(value).matches();
        Options.byEnvironment(name)
                .ifPresentOrElse(
                        option -> {
                            if (link) {
                                warnings.add(
                                        name
                                                + " is ignored: it is a service link of Kubernetes (set enableServiceLinks: false)");
                            } else {
                                given.put(option.key(), new Values.Given(value, new Origin.Environment(name)));
                            }
                        },
                        () -> {
                            if (!link && !SERVICE_LINK_NAME.matcher(name).matches()) {
                                warnings.add(Problem.quote(name) + " is no setting of ours" + hint(name));
                            }
                        });
    }

    private static String hint(String name) {
        return Spelling.hint(
                name.substring(Option.ENVIRONMENT_PREFIX.length()), Options.spellings(Option::environment));
    }
}
