package dev.lifeline.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a log line looks like and who may write one. A log of its own; that of the process is left alone but once. */
class LoggingTest {

    @Test
    void aPlainLineShowsMessagePairsAndContext() {
        String text = logged(LogFormat.PLAIN, LogLevel.INFO, log -> {
            log("dev.lifeline.Some", log).atInfo().addKeyValue("stream", "news").log("opened");
        });

        assertThat(text).contains("INFO").contains("dev.lifeline.Some").contains("opened stream=\"news\" request=r1");
        assertThat(text.lines()).hasSize(1);
    }

    @Test
    void aJsonLineHoldsTheSame() {
        String text = logged(LogFormat.JSON, LogLevel.INFO, log -> {
            log("dev.lifeline.Some", log).atInfo().addKeyValue("stream", "news").log("opened {}", 1);
        });

        assertThat(text.lines()).hasSize(1);
        assertThat(text)
                .startsWith("{")
                .contains("\"formattedMessage\":\"opened 1\"", "\"stream\"", "\"news\"", "\"request\"", "\"r1\"");
    }

    @Test
    void aClientCannotForgeALine() {
        String text = logged(LogFormat.PLAIN, LogLevel.INFO, log -> {
            log("a", log).info("id {}", "x\r\n\u001b[2KERROR forged");
        });

        assertThat(text.lines()).hasSize(1);
        assertThat(text).contains("id x [2KERROR forged");
    }

    @Test
    void anExceptionIsPrinted() {
        String text = logged(LogFormat.PLAIN, LogLevel.INFO, log -> {
            log("a", log).error("failed", new IllegalStateException("why"));
        });

        assertThat(text).contains("failed").contains("java.lang.IllegalStateException: why");
    }

    @Test
    void librariesAreQuietEvenWhenWeAreNot() {
        String text = logged(LogFormat.PLAIN, LogLevel.DEBUG, this::everybodySpeaks);

        assertThat(text.lines().map(line -> line.replaceAll(".*SAYS | request=.*", "")))
                .containsExactly(
                        "ours DEBUG",
                        "ours INFO",
                        "ours WARN",
                        "netty WARN",
                        "hazelcast WARN",
                        "vertx INFO",
                        "vertx WARN");
    }

    @Test
    void aHigherLevelHoldsForLibrariesToo() {
        String text = logged(LogFormat.JSON, LogLevel.ERROR, this::everybodySpeaks);

        assertThat(text).isEmpty();
    }

    @Test
    void theLogOfTheProcessCanBeStarted() {
        Logging.start(LogFormat.PLAIN, LogLevel.WARN);

        assertThat(LoggerFactory.getLogger("dev.lifeline").isInfoEnabled()).isFalse();
        assertThat(System.getProperty("hazelcast.logging.type")).isEqualTo("slf4j");

        Logging.start(LogFormat.PLAIN, LogLevel.INFO);
        assertThat(LoggerFactory.getLogger("dev.lifeline").isInfoEnabled()).isTrue();
    }

    private void everybodySpeaks(LoggerContext context) {
        String[][] names = {
            {"ours", "dev.lifeline.X"},
            {"netty", "io.netty.X"},
            {"hazelcast", "com.hazelcast.X"},
            {"vertx", "io.vertx.X"}
        };
        for (String[] name : names) {
            for (Level level : new Level[] {Level.DEBUG, Level.INFO, Level.WARN}) {
                log(name[1], context).atLevel(level).log("SAYS {} {}", name[0], level);
            }
        }
    }

    private static Logger log(String name, LoggerContext context) {
        return context.getLogger(name);
    }

    private static String logged(LogFormat format, LogLevel level, Consumer<LoggerContext> what) {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        LoggerContext context = new LoggerContext();
        LogbackMDCAdapter correlation = new LogbackMDCAdapter();
        correlation.put("request", "r1");
        context.setMDCAdapter(correlation);
        try {
            System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Logging.apply(context, format, level);
            what.accept(context);
        } finally {
            System.setErr(before);
            context.stop();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
