package dev.lifeline.gateway.config;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/**
 * Starts the log as configured; before that, {@code logback.xml} logs plainly from info on. Lines go to the standard
 * error, as the standard output belongs to commands that print.
 */
public final class Logging {

    private static final Map<LogFormat, String> FILES =
            Map.of(LogFormat.PLAIN, "/logback.xml", LogFormat.JSON, "/logback-json.xml");

    private Logging() {}

    public static void start(LogFormat format, LogLevel level) {
        // Hazelcast would otherwise choose java.util.logging and write past us.
        System.setProperty("hazelcast.logging.type", "slf4j");
        apply((LoggerContext) LoggerFactory.getILoggerFactory(), format, level);
    }

    static void apply(LoggerContext context, LogFormat format, LogLevel level) {
        URL file = Objects.requireNonNull(Logging.class.getResource(FILES.get(format)));
        context.reset();
        context.putProperty("lifeline.log.level", level.toString().toUpperCase(Locale.ROOT));
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(file);
        } catch (JoranException broken) {
            throw new IllegalStateException("the logging configuration inside the jar is broken", broken);
        }
    }
}
