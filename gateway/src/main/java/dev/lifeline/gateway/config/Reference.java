package dev.lifeline.gateway.config;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The page {@code docs/configuration.md}, from the table of options. Needs nothing but the JDK to run. */
final class Reference {

    /** How to write the page anew; said in the page and by the test that compares it. */
    static final String COMMAND = "mvn -q -pl shared,gateway compile && java -cp gateway/target/classes "
            + "dev.lifeline.gateway.config.Reference > docs/configuration.md";

    private static final String HEAD = """
            # Configuration

            <!-- Generated from the table of options in dev.lifeline.gateway.config; do not edit. To write it anew:
            %s -->

            Nothing needs to be configured to try Lifeline. What can be is listed here, each with its default and the reason for it.

            **Where.** A YAML file (`--config FILE` or `LIFELINE_CONFIG`), then the environment, then flags; the later wins. The
            same option is `heartbeat_interval: 30s` in the file, `LIFELINE_HEARTBEAT_INTERVAL=30s` in the environment and
            `--heartbeat-interval 30s` or `--heartbeat-interval=30s` as a flag. `lifeline check` with the same arguments prints what
            is in force and where it came from, secrets masked.

            **How values are written.** Durations `250ms`, `30s`, `5m`, `2h`, `1d`. Sizes `65536`, `512KiB`, `4MiB`, `1GiB`.
            Switches `true` or `false`; as flags `--h2c`, `--no-cluster`. Lists with commas (or, where it says so, a line each), as a
            YAML list, or by giving the flag several times. Paths are relative to the directory Lifeline was started in. An empty
            variable counts as absent; an empty text in the file (`""`) or in a flag (`--redis=`) takes a value away.

            **Mistakes.** Everything is checked before a port opens, and everything that is wrong is reported at once: the file and
            line, the variable or the flag, what stands there, and what was expected. An unknown key or flag is an error; an unknown
            `LIFELINE_` variable is a warning. A YAML key that stands twice is an error.

            **Secrets** (marked so below) are never printed or logged. Keep them in the environment or in a file only Lifeline can
            read: the arguments of a process can be seen by everybody on the machine.
            """;

    private Reference() {}

    public static void main(String[] args) {
        System.out.writeBytes(markdown().getBytes(StandardCharsets.UTF_8));
    }

    static String markdown() {
        String groups = Options.GROUPS.stream().map(Reference::table).collect(Collectors.joining());
        return HEAD.formatted(COMMAND) + groups + rules() + "\n## A file to start from\n\n```yaml\n" + sample()
                + "```\n";
    }

    private static String table(Options.Group group) {
        String head = "\n## " + group.title()
                + "\n\n| key | flag | environment | default | meaning | why this default |\n|---|---|---|---|---|---|\n";
        return group.options().stream().map(Reference::row).collect(Collectors.joining("", head, ""));
    }

    private static String row(Option<?> option) {
        String fallback = option.fallback().isEmpty() ? "none" : "`" + option.fallback() + "`";
        String accepts =
                option.kind().isSwitch() ? "" : " Accepts " + option.kind().accepted() + ".";
        String secret = option.secret() ? " **Secret.**" : "";
        return "| `%s` | `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        option.key(),
                        flag(option),
                        option.environment(),
                        fallback,
                        option.words().meaning() + accepts + secret,
                        option.words().reason());
    }

    private static String flag(Option<?> option) {
        return option.kind().isSwitch() ? option.usage() : option.flag();
    }

    private static String rules() {
        String head = "\n## What values owe each other\n\nRefused unless it holds:\n\n";
        String warned = "\nWarned of when the program starts:\n\n";
        return Rules.LAWS.stream().map(Reference::item).collect(Collectors.joining("", head, warned))
                + Rules.ADVICE.stream().map(Reference::item).collect(Collectors.joining());
    }

    private static String item(Rule rule) {
        return "- " + rule.law() + "\n";
    }

    /** Every key with its default, and those that have none commented out: it changes nothing until it is edited. */
    static String sample() {
        return Options.GROUPS.stream().map(Reference::sampleGroup).collect(Collectors.joining("\n"));
    }

    private static String sampleGroup(Options.Group group) {
        return group.options().stream()
                .filter(option -> option != OperationOptions.CONFIG)
                .map(Reference::sampleEntry)
                .collect(Collectors.joining("", "# --- " + group.title() + " ---\n", ""));
    }

    private static String sampleEntry(Option<?> option) {
        String value = option.fallback().isEmpty()
                ? "# " + option.key() + ": " + option.kind().metavar()
                : option.key() + ": " + option.fallback();
        return Wrapped.text(option.words().meaning(), "# ") + value + "\n";
    }
}
