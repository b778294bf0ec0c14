package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of the table about the ports and what speaks on them. */
final class HttpOptions {

    static final Option<String> HOST = option("host", Kinds.HOST, "127.0.0.1")
            .means("Address to listen on.")
            .because("Nobody but this machine gets in until you say so.");

    static final Option<Integer> PORT = option("port", Kinds.PORT, "8080")
            .means("Port to listen on; 0 takes a free one.")
            .because("What proxies and people try first, and it needs no privileges.");

    static final Option<Integer> ADMIN_PORT = option("admin_port", Kinds.PORT, "0")
            .means("Second port, for metrics, dashboard and the operating API; 0 opens none. Without it these "
                    + "are on the main port, as long as that is bound to loopback or asks for the admin_token.")
            .because("One port is enough on a laptop, and elsewhere nothing operational is exposed by accident.");

    static final Option<Optional<Path>> TLS_CERT = option("tls_cert", Kinds.FILE.orNothing(), "")
            .means("PEM file with the certificate chain. With it and tls_key the main port speaks TLS.")
            .because("Most gateways stand behind a proxy that ends TLS.");

    static final Option<Optional<Path>> TLS_KEY = option("tls_key", Kinds.FILE.orNothing(), "")
            .means("PEM file with the private key of tls_cert.")
            .because("Goes with tls_cert: both or none.");

    static final Option<Boolean> H2C = option("h2c", Kind.onOff(), "false")
            .means("Accept HTTP/2 without TLS.")
            .because("Only a proxy that speaks it gains; an idle stream costs more memory with it.");

    static final Option<Integer> MAX_BODY = option("max_body", Kind.size("1KiB", "1GiB"), "1MiB")
            .means("Largest request body; a larger one is answered 413.")
            .because("Well above any sensible event, and small enough that many at once fit in memory.");

    static final Option<Boolean> COMPRESSION = option("compression", Kind.onOff(), "false")
            .means("Compress event streams for clients that accept it.")
            .because("A compressor costs every link tens of KiB; a proxy in front can do it better.");

    static final Option<Boolean> NATIVE_TRANSPORT = option("native_transport", Kind.onOff(), "true")
            .means("Use epoll where the system has it.")
            .because("Cheaper for each link, and only it offers the TCP timeout that finds dead peers.");

    static final Option<Integer> EVENT_LOOPS = option("event_loops", Kind.count("threads", 0, 1024), "0")
            .means("Threads that serve connections; 0 means one for each core.")
            .because("They never block, so that more than one for a core only adds switching.");

    static final Option<Boolean> STRICT_THREADS = option("strict_threads", Kind.onOff(), "true")
            .means("Give each connection to one thread and leave out the queue for others.")
            .because("Halves the memory of an idle link; turn it off to rule it out when hunting a fault.");

    static final List<Option<?>> ALL = List.of(
            HOST,
            PORT,
            ADMIN_PORT,
            TLS_CERT,
            TLS_KEY,
            H2C,
            MAX_BODY,
            COMPRESSION,
            NATIVE_TRANSPORT,
            EVENT_LOOPS,
            STRICT_THREADS);

    private HttpOptions() {}
}
