package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table about running the process. */
final class OperationOptions {

    static final Option<Optional<Path>> CONFIG = option("config", Kinds.FILE.orNothing(), "")
            .means("YAML file to read first. Cannot stand in the file itself.")
            .because("Flags and environment can say everything; a file is for keeping it.");

    static final Option<Duration> DRAIN_TIMEOUT = option("drain_timeout", Kind.duration("0s", "1h"), "20s")
            .means("How long a shutdown may take to end its streams, spread over that time.")
            .because("Ends before the 30 s after which Kubernetes kills.");

    static final Option<LogFormat> LOG_FORMAT = option("log_format", Kind.choice(LogFormat.class), "plain")
            .means("How log lines look; they go to the standard error.")
            .because("People start it before machines do.");

    static final Option<LogLevel> LOG_LEVEL = option("log_level", Kind.choice(LogLevel.class), "info")
            .means("The least that is logged. Netty and Hazelcast speak only from warn on.")
            .because("Quiet in normal times: nothing is logged for each event or connection.");

    static final Option<Boolean> METRICS = option("metrics", Kind.onOff(), "true")
            .means("Measure, and serve /metrics.")
            .because("Counting costs next to nothing, and a fault without figures is a riddle.");

    static final List<Option<?>> ALL = List.of(CONFIG, DRAIN_TIMEOUT, LOG_FORMAT, LOG_LEVEL, METRICS);

    private OperationOptions() {}
}
