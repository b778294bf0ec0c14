package dev.lifeline.gateway.config;

import dev.lifeline.gateway.config.GatewayConfig.Auth;
import dev.lifeline.gateway.config.GatewayConfig.JwtKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes the tree of records out of values that are known to be valid: the one place where 0 becomes "none". */
final class Assembly {

    private final Values values;

    private Assembly(Values values) {
        this.values = values;
    }

    static GatewayConfig of(Values values) {
        return new Assembly(values).config();
    }

    private GatewayConfig config() {
        return new GatewayConfig(
                http(),
                streams(),
                buffer(),
                mcp(),
                UpstreamAssembly.of(values),
                UpstreamAssembly.feeds(values),
                security(),
                nodes(),
                operations());
    }

    private GatewayConfig.Http http() {
        return new GatewayConfig.Http(
                new GatewayConfig.Listen(
                        get(HttpOptions.HOST), get(HttpOptions.PORT), unlessZero(HttpOptions.ADMIN_PORT)),
                get(HttpOptions.TLS_CERT)
                        .map(certificate -> new GatewayConfig.Tls(
                                certificate, get(HttpOptions.TLS_KEY).orElseThrow())),
                new GatewayConfig.Protocol(
                        get(HttpOptions.H2C), get(HttpOptions.MAX_BODY), get(HttpOptions.COMPRESSION)),
                new GatewayConfig.Threads(
                        get(HttpOptions.NATIVE_TRANSPORT),
                        unlessZero(HttpOptions.EVENT_LOOPS)
                                .orElse(Runtime.getRuntime().availableProcessors()),
                        get(HttpOptions.STRICT_THREADS)));
    }

    private GatewayConfig.Streams streams() {
        return new GatewayConfig.Streams(
                get(StreamOptions.HEARTBEAT_INTERVAL),
                get(StreamOptions.CONNECTION_TIMEOUT),
                new GatewayConfig.Retry(
                        get(StreamOptions.INITIAL_RETRY_DELAY),
                        get(StreamOptions.MAX_RETRY_DELAY),
                        get(StreamOptions.RETRY_JITTER_MAX)),
                get(StreamOptions.SEND_BUFFER),
                get(StreamOptions.UNSENT_LIMIT),
                unlessNever(StreamOptions.CONNECTION_MAX_AGE));
    }

    private GatewayConfig.Buffer buffer() {
        return new GatewayConfig.Buffer(
                new GatewayConfig.Tail(
                        get(BufferOptions.MESSAGE_BUFFER_SIZE),
                        get(BufferOptions.BUFFER_RETENTION),
                        get(BufferOptions.BUFFER_BYTES)),
                get(BufferOptions.POSITION_RETENTION),
                get(BufferOptions.DEDUP_RETENTION),
                get(BufferOptions.MAX_EVENT_BYTES),
                get(BufferOptions.MAX_STREAMS),
                new GatewayConfig.Appends(get(LimitOptions.MAX_PENDING_APPENDS), get(LimitOptions.APPEND_TIMEOUT)));
    }

    private GatewayConfig.Mcp mcp() {
        return new GatewayConfig.Mcp(
                new GatewayConfig.Sessions(
                        get(McpOptions.SESSION_RETENTION),
                        unlessNever(McpOptions.SESSION_REQUEST_TIMEOUT),
                        get(McpOptions.MAX_SESSIONS)),
                new GatewayConfig.Quiet(
                        Set.copyOf(get(McpOptions.QUIET_CLIENTS)), unlessNever(McpOptions.QUIET_REQUEST_TIMEOUT)),
                new GatewayConfig.Answers(get(McpOptions.JSON_ANSWER_WINDOW), unlessNever(McpOptions.POST_STREAM_MAX)),
                new GatewayConfig.Legacy(
                        get(McpOptions.LEGACY),
                        get(McpOptions.LEGACY_DEPRECATION),
                        get(McpOptions.LEGACY_SUNSET),
                        get(McpOptions.LEGACY_SUCCESSOR)),
                get(McpOptions.EXTERNAL_PREFIX).orElse(""),
                get(McpOptions.MAX_JSON_DEPTH));
    }

    private GatewayConfig.Security security() {
        return new GatewayConfig.Security(
                auth(),
                new GatewayConfig.Origins(get(AuthOptions.ALLOWED_ORIGINS), get(AuthOptions.ALLOWED_HOSTS)),
                new GatewayConfig.Limits(
                        get(LimitOptions.MAX_CONNECTIONS),
                        unlessZero(LimitOptions.MAX_CONNECTIONS_PER_ADDRESS),
                        unlessZero(LimitOptions.MAX_CONNECTIONS_PER_PRINCIPAL),
                        get(LimitOptions.FORWARDED_FOR)),
                get(AuthOptions.ADMIN_TOKEN),
                get(AuthOptions.ALLOW_OPEN));
    }

    private Auth auth() {
        return switch (get(AuthOptions.AUTH)) {
            case NONE -> new Auth.Open();
            case KEYS -> new Auth.Keys(get(AuthOptions.KEYS_FILE).orElseThrow());
            case JWT -> new Auth.Jwt(jwtKey(), get(AuthOptions.JWT_ISSUER), get(AuthOptions.JWT_AUDIENCE));
        };
    }

    private JwtKey jwtKey() {
        return get(AuthOptions.JWT_JWKS)
                .<JwtKey>map(JwtKey.KeySet::new)
                .orElseGet(() -> new JwtKey.KeyFile(get(AuthOptions.JWT_KEY).orElseThrow()));
    }

    private GatewayConfig.Nodes nodes() {
        Optional<GatewayConfig.Redis> redis = redis(get(RedisOptions.REDIS));
        return new GatewayConfig.Nodes(
                get(ClusterOptions.NODE_ID),
                redis,
                redis.filter(present -> get(ClusterOptions.CLUSTER)).map(present -> cluster()),
                get(ClusterOptions.NODE_LEASE),
                get(ClusterOptions.POSITION_CHECK_INTERVAL));
    }

    private Optional<GatewayConfig.Redis> redis(List<RedisUrl> urls) {
        return Optional.of(urls)
                .filter(some -> !some.isEmpty())
                .map(some -> new GatewayConfig.Redis(
                        new GatewayConfig.Servers(some, get(RedisOptions.REDIS_MODE), get(RedisOptions.REDIS_MASTER)),
                        get(RedisOptions.REDIS_PREFIX),
                        get(RedisOptions.REDIS_CA),
                        get(RedisOptions.REDIS_TIMEOUT)));
    }

    private GatewayConfig.Cluster cluster() {
        return new GatewayConfig.Cluster(
                get(ClusterOptions.CLUSTER_NAME), get(ClusterOptions.CLUSTER_HOST), get(ClusterOptions.CLUSTER_PORT));
    }

    private GatewayConfig.Operations operations() {
        return new GatewayConfig.Operations(
                get(OperationOptions.DRAIN_TIMEOUT),
                get(OperationOptions.LOG_FORMAT),
                get(OperationOptions.LOG_LEVEL),
                get(OperationOptions.METRICS));
    }

    private <T> T get(Option<T> option) {
        return values.get(option);
    }

    private Optional<Duration> unlessNever(Option<Duration> option) {
        return Optional.of(get(option)).filter(some -> !some.isZero());
    }

    private OptionalInt unlessZero(Option<Integer> option) {
        int value = get(option);
        return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
