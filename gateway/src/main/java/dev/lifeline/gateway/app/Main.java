package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.ConfigProblems;
import dev.lifeline.gateway.config.ConfigReader;
import dev.lifeline.gateway.config.ConfigResult;
import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.config.Logging;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Plan;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: {@code serve} runs a node until it is told to stop, {@code check} says what the configuration comes to,
 * {@code tail} follows an event stream, {@code publish} fills one, {@code demo-upstream} is a small MCP server to try a
 * gateway with, {@code migrate} turns a client's configuration into its Streamable version, {@code rehearse} is for
 * starting quickly.
 *
 * <p>Exit codes: 0 as asked, 1 it could not be done, 2 the command line or configuration is wrong.
 */
public final class Main {

    private static final int STARTED = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** Beyond the drain window: for leaving the cluster, and then whatever hangs is left hanging. */
    private static final int STOP_SECONDS = 10;

    private final PrintStream out;
    private final PrintStream err;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        int code = new Main(System.out, System.err).run(List.of(args), System.getenv());
        if (code != STARTED) {
            System.exit(code);
        }
    }

    /** Runs a command; a server goes on running after it has returned. */
    int run(List<String> args, Map<String, String> environment) {
        boolean named = !args.isEmpty() && !args.get(0).startsWith("-");
        String command = named ? args.get(0) : "serve";
        List<String> options = named ? args.subList(1, args.size()) : args;
        return switch (command) {
            case "serve" -> serve(options, environment);
            case "check" -> configured(options, environment, this::check);
            case "tail" -> new TailCommand(out, err).run(options);
            case "publish" -> new PublishCommand(out, err, System.in).run(options);
            case "demo-upstream" -> new DemoCommand(out, err).run(options);
            case "migrate" -> new MigrateCommand(System.in, out, err).run(options);
            case "rehearse" -> new RehearseCommand(out, err).run(options);
            case "help" -> configured(List.of("--help"), environment, this::check);
            default -> unknown(command);
        };
    }

    private int unknown(String command) {
        err.println("There is no command " + command
                + ": serve (the default) runs a gateway, check shows its configuration, tail follows an event stream,"
                + " publish fills one, demo-upstream is an MCP server to try a gateway with, migrate turns a client's"
                + " configuration into its Streamable version, rehearse lets the JVM watch a start, help lists the"
                + " options.");
        return MISUSED;
    }

    private int configured(
            List<String> options, Map<String, String> environment, ToIntFunction<ConfigResult.Ready> command) {
        try {
            ConfigResult result = ConfigReader.read(options, environment);
            if (result instanceof ConfigResult.HelpWanted help) {
                out.print(help.text());
                return STARTED;
            }
            return command.applyAsInt((ConfigResult.Ready) result);
        } catch (ConfigProblems problems) {
            err.println(problems.getMessage());
            return MISUSED;
        }
    }

    /** The one variable that is no setting is refused here, as a setting would be. */
    private int serve(List<String> options, Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(environment);
        Plan plan;
        try {
            plan = Plan.of(settings.remove(Fault.VARIABLE));
        } catch (IllegalArgumentException malformed) {
            err.println(Fault.VARIABLE + ": " + malformed.getMessage());
            return MISUSED;
        }
        return configured(options, settings, ready -> serve(ready, plan));
    }

    private int check(ConfigResult.Ready ready) {
        out.print(ready.effective().render());
        ready.warnings().forEach(warning -> out.println("warning: " + warning));
        return STARTED;
    }

    private int serve(ConfigResult.Ready ready, Plan plan) {
        GatewayConfig config = ready.config();
        Logging.start(config.operations().logFormat(), config.operations().logLevel());
        Logger log = LoggerFactory.getLogger(Main.class);
        ready.warnings().forEach(log::warn);
        if (plan != null) {
            log.warn("THIS GATEWAY WILL FAIL ON PURPOSE: {}={}", Fault.VARIABLE, plan);
        }
        try {
            Gateway gateway = Gateway.start(config)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, config), "shutdown"));
            log.atInfo()
                    .addKeyValue("node", gateway.id())
                    .addKeyValue("port", gateway.port())
                    .log("serving");
            welcome(gateway, config);
            return STARTED;
        } catch (RuntimeException failure) {
            err.println("The gateway could not start: " + cause(failure).getMessage());
            log.debug("could not start", failure);
            return FAILED;
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private static void stop(Gateway gateway, GatewayConfig config) {
        CountDownLatch stopped = new CountDownLatch(1);
        gateway.stop().onComplete(done -> stopped.countDown());
        try {
            stopped.await(config.operations().drainTimeout().toSeconds() + STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void welcome(Gateway gateway, GatewayConfig config) {
        String scheme = config.http().tls().isPresent() ? "https" : "http";
        String host = config.http().listen().host();
        String url = scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + gateway.port();
        out.println();
        out.println("Lifeline node " + gateway.id() + " is up at " + url + ", events kept in "
                + (config.nodes().redis().isPresent() ? "Redis." : "memory."));
        out.println();
        out.println("  MCP         " + url + "/mcp, and " + url + "/sse for clients of the legacy transport");
        out.println("  subscribe   curl -N " + url + "/events/demo");
        out.println("  publish     curl -d 'hello' " + url + "/events/demo");
        out.println("  resume      curl -N -H 'Last-Event-ID: <an id you saw>' " + url + "/events/demo");
        if (config.http().listen().adminPort().isEmpty()) {
            out.println("  health      curl " + url + "/health");
            out.println("  look at it  " + url + "/dashboard");
        }
        out.println();
        out.flush();
    }
}
