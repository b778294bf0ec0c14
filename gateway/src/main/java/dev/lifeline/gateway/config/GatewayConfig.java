package dev.lifeline.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The whole configuration: typed, valid, and safe to print. Only the wiring sees it; it hands every other package the
 * two or three values that package wants.
 *
 * @param http ports and protocols
 * @param streams how open streams live
 * @param buffer what is kept of each stream
 * @param mcp what MCP clients get
 * @param upstreams the MCP servers behind us
 * @param feeds event streams elsewhere that fill channels here
 * @param security who may come in, and how many
 * @param nodes the shared log and the other nodes
 * @param operations the process
 */
public record GatewayConfig(
        Http http,
        Streams streams,
        Buffer buffer,
        Mcp mcp,
        Upstreams upstreams,
        List<Feed> feeds,
        Security security,
        Nodes nodes,
        Operations operations) {

    /** Ports and what speaks on them. */
    public record Http(Listen listen, Optional<Tls> tls, Protocol protocol, Threads threads) {}

    /**
     * Where to listen.
     *
     * @param port 0 takes a free one
     * @param adminPort the second port, where there is one; it listens on the same host
     */
    public record Listen(String host, int port, OptionalInt adminPort) {

        /** Whether only this machine can connect: what may be open without asking who it is. */
        public boolean loopback() {
            return Loopback.names(host);
        }
    }

    /** The PEM files of certificate chain and private key. */
    public record Tls(Path certificate, Path key) {}

    /**
     * What is spoken on the main port.
     *
     * @param maxBody bytes
     */
    public record Protocol(boolean h2c, int maxBody, boolean compression) {}

    /**
     * What serves connections.
     *
     * @param eventLoops how many, one for each core already counted
     */
    public record Threads(boolean nativeTransport, int eventLoops, boolean strict) {}

    /**
     * How an open stream lives.
     *
     * @param sendBuffer bytes in the kernel
     * @param unsentLimit bytes in this process
     * @param maxAge empty for no limit
     */
    public record Streams(
            Duration heartbeatInterval,
            Duration connectionTimeout,
            Retry retry,
            int sendBuffer,
            int unsentLimit,
            Optional<Duration> maxAge) {}

    /** When clients are told to come back: after {@code initial}, plus a random part of {@code jitter}. */
    public record Retry(Duration initial, Duration max, Duration jitter) {}

    /**
     * What is kept of each stream.
     *
     * @param positionRetention how long epoch and sequence of a quiet stream are remembered
     * @param dedupRetention how long an idempotency key is remembered
     * @param maxEventBytes the largest event
     * @param maxStreams how many streams the memory log keeps
     */
    public record Buffer(
            Tail tail,
            Duration positionRetention,
            Duration dedupRetention,
            int maxEventBytes,
            int maxStreams,
            Appends appends) {}

    /** The bounds of one stream's tail; the first that is reached counts. */
    public record Tail(int events, Duration retention, long bytes) {}

    /** How many appends may wait for the log, and for how long. */
    public record Appends(int maxPending, Duration timeout) {}

    /**
     * What MCP clients get.
     *
     * @param externalPrefix path that a proxy takes away on the way in; empty without one
     */
    public record Mcp(
            Sessions sessions, Quiet quiet, Answers answers, Legacy legacy, String externalPrefix, int maxJsonDepth) {}

    /**
     * How long sessions live and how many there may be.
     *
     * @param retention without a live link and without requests
     * @param requestTimeout without requests, live link or not; empty for no limit
     */
    public record Sessions(Duration retention, Optional<Duration> requestTimeout, int max) {}

    /** Which clients of the old transport get answers only, and the request timeout of their sessions. */
    public record Quiet(Set<String> clients, Optional<Duration> requestTimeout) {}

    /**
     * How answers leave on {@code /mcp}.
     *
     * @param jsonWindow how soon one must be there to leave as JSON
     * @param streamMax when the stream of a request is closed with the answer outstanding; empty for never
     */
    public record Answers(Duration jsonWindow, Optional<Duration> streamMax) {}

    /**
     * What clients of the old transport are told about it.
     *
     * @param served whether it is there at all
     * @param successor empty for the {@code /mcp} beside it
     */
    public record Legacy(boolean served, boolean deprecated, Optional<LocalDate> sunset, Optional<URI> successor) {}

    /**
     * The MCP servers behind us.
     *
     * @param all at least one; the first is the one at {@code /mcp} and {@code /sse}
     * @param maxMessage bytes
     */
    public record Upstreams(
            List<Upstream> all, UpstreamTimes times, UpstreamRetry retry, int maxMessage, int maxProcesses) {}

    /**
     * How long upstreams may take.
     *
     * @param idle how long a standing stream may be silent; empty for no limit
     * @param patience how long a request waits for one that is away and has not got it
     */
    public record UpstreamTimes(Duration connect, Optional<Duration> idle, Duration patience) {}

    /** When lost links to upstreams are made again, and how often without success. */
    public record UpstreamRetry(Duration initial, Duration max, int tries) {}

    /** An MCP server behind us; the name is what stands in paths. */
    public sealed interface Upstream {

        String name();

        /**
         * One that is reached over HTTP. Prints without the query, where a token may stand.
         *
         * @param legacy whether it speaks the transport of 2024-11-05
         * @param headers to be sent with every request
         */
        record Http(String name, URI address, boolean legacy, List<Header> headers) implements Upstream {

            static String shown(URI address) {
                String text = address.toString();
                int query = text.indexOf('?');
                return query < 0 ? text : text.substring(0, query + 1) + Option.MASK;
            }

            @Override
            public String toString() {
                return "Http[" + name + "=" + shown(address) + ", legacy=" + legacy + ", headers=" + headers + "]";
            }
        }

        /** A command that speaks on its standard streams, a process for each session. */
        record Stdio(String name, List<String> command) implements Upstream {}

        /** The small server inside. */
        record Demo(String name) implements Upstream {}
    }

    /**
     * A source elsewhere that fills a channel. Prints without the query, where a token may stand.
     *
     * @param name the channel's
     */
    public record Feed(String name, URI source, List<Header> headers) {

        @Override
        public String toString() {
            return "Feed[" + name + "=" + Upstream.Http.shown(source) + ", headers=" + headers + "]";
        }
    }

    /** A header that proves us to an upstream, or to the source of a feed. */
    public record Header(String name, Secret value) {}

    /**
     * Who may come in, and how many.
     *
     * @param allowOpen whether it was said that everybody may, beyond loopback
     */
    public record Security(Auth auth, Origins origins, Limits limits, Optional<Secret> adminToken, boolean allowOpen) {}

    /** How clients prove who they are. */
    public sealed interface Auth {

        /** They do not. */
        record Open() implements Auth {}

        /** By a key out of a file. */
        record Keys(Path file) implements Auth {}

        /** By a token; empty claims are not compared. */
        record Jwt(JwtKey key, Optional<String> issuer, Optional<String> audience) implements Auth {}
    }

    /** What signatures of tokens are checked with. */
    public sealed interface JwtKey {

        /** The key set an issuer publishes. */
        record KeySet(URI address) implements JwtKey {}

        /** A public key or, for a symmetric algorithm, a secret. */
        record KeyFile(Path file) implements JwtKey {}
    }

    /**
     * What browsers may be led here by; lower case.
     *
     * @param allowed empty for loopback origins, any port; {@code *} for all
     * @param hosts empty for loopback names and the address listened on
     */
    public record Origins(List<String> allowed, List<String> hosts) {}

    /**
     * Connections at once.
     *
     * @param perAddress empty for no limit of its own
     * @param perPrincipal empty for no limit of its own
     * @param forwardedFor whether the last hop of X-Forwarded-For is the address
     */
    public record Limits(int connections, OptionalInt perAddress, OptionalInt perPrincipal, boolean forwardedFor) {}

    /**
     * The shared log and the other nodes.
     *
     * @param id empty to make one up
     * @param redis empty to keep events in memory
     * @param cluster empty without Redis, or when it is turned off
     * @param lease how long this node counts as alive after it said so
     * @param positionCheckInterval how often positions are compared with the log
     */
    public record Nodes(
            Optional<String> id,
            Optional<Redis> redis,
            Optional<Cluster> cluster,
            Duration lease,
            Duration positionCheckInterval) {}

    /**
     * How to reach Redis.
     *
     * @param ca what to trust for TLS; empty for what the Java runtime trusts
     */
    public record Redis(Servers servers, String prefix, Optional<Path> ca, Duration timeout) {}

    /**
     * The Redis addresses and what they are.
     *
     * @param master the name sentinels know it by
     */
    public record Servers(List<RedisUrl> urls, RedisMode mode, String master) {}

    /**
     * How the other nodes reach this one.
     *
     * @param port 0 takes a free one
     */
    public record Cluster(String name, String host, int port) {}

    /** The process. */
    public record Operations(Duration drainTimeout, LogFormat logFormat, LogLevel logLevel, boolean metrics) {}
}
