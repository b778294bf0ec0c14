package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.AuthOptions.ADMIN_TOKEN;
import static dev.lifeline.gateway.config.AuthOptions.ALLOW_OPEN;
import static dev.lifeline.gateway.config.AuthOptions.AUTH;
import static dev.lifeline.gateway.config.AuthOptions.JWT_JWKS;
import static dev.lifeline.gateway.config.AuthOptions.JWT_KEY;
import static dev.lifeline.gateway.config.AuthOptions.KEYS_FILE;
import static dev.lifeline.gateway.config.BufferOptions.BUFFER_BYTES;
import static dev.lifeline.gateway.config.BufferOptions.BUFFER_RETENTION;
import static dev.lifeline.gateway.config.BufferOptions.MAX_EVENT_BYTES;
import static dev.lifeline.gateway.config.BufferOptions.POSITION_RETENTION;
import static dev.lifeline.gateway.config.ClusterOptions.CLUSTER_HOST;
import static dev.lifeline.gateway.config.HttpOptions.ADMIN_PORT;
import static dev.lifeline.gateway.config.HttpOptions.H2C;
import static dev.lifeline.gateway.config.HttpOptions.HOST;
import static dev.lifeline.gateway.config.HttpOptions.MAX_BODY;
import static dev.lifeline.gateway.config.HttpOptions.PORT;
import static dev.lifeline.gateway.config.HttpOptions.TLS_CERT;
import static dev.lifeline.gateway.config.HttpOptions.TLS_KEY;
import static dev.lifeline.gateway.config.RedisOptions.REDIS;
import static dev.lifeline.gateway.config.RedisOptions.REDIS_CA;
import static dev.lifeline.gateway.config.RedisOptions.REDIS_MODE;
import static dev.lifeline.gateway.config.StreamOptions.CONNECTION_TIMEOUT;
import static dev.lifeline.gateway.config.StreamOptions.HEARTBEAT_INTERVAL;
import static dev.lifeline.gateway.config.StreamOptions.INITIAL_RETRY_DELAY;
import static dev.lifeline.gateway.config.StreamOptions.MAX_RETRY_DELAY;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What options owe each other. */
final class Rules {

    /** What is refused. */
    static final List<Rule> LAWS = and(
            both(McpRules.LAWS, FeedRules.LAWS),
            Rule.that("connection_timeout must be at least twice heartbeat_interval, or a live peer may look dead")
                    .about(CONNECTION_TIMEOUT, HEARTBEAT_INTERVAL)
                    .holds(v -> v.get(CONNECTION_TIMEOUT)
                                    .compareTo(v.get(HEARTBEAT_INTERVAL).multipliedBy(2))
                            >= 0),
            Rule.that("max_retry_delay must be at least initial_retry_delay")
                    .about(MAX_RETRY_DELAY, INITIAL_RETRY_DELAY)
                    .holds(v -> v.get(MAX_RETRY_DELAY).compareTo(v.get(INITIAL_RETRY_DELAY)) >= 0),
            Rule.that("position_retention must be at least buffer_retention, or events outlive their numbers")
                    .about(POSITION_RETENTION, BUFFER_RETENTION)
                    .holds(v -> v.get(POSITION_RETENTION).compareTo(v.get(BUFFER_RETENTION)) >= 0),
            Rule.that("max_event_bytes must be at most max_body, in which it has to arrive")
                    .about(MAX_EVENT_BYTES, MAX_BODY)
                    .holds(v -> v.get(MAX_EVENT_BYTES) <= v.get(MAX_BODY)),
            Rule.that("max_event_bytes must be at most buffer_bytes, in which it has to be kept")
                    .about(MAX_EVENT_BYTES, BUFFER_BYTES)
                    .holds(v -> v.get(MAX_EVENT_BYTES) <= v.get(BUFFER_BYTES)),
            Rule.that("tls_cert and tls_key must be given together")
                    .about(TLS_CERT, TLS_KEY)
                    .holds(v -> v.isGiven(TLS_CERT) == v.isGiven(TLS_KEY)),
            Rule.that("admin_port must not be port")
                    .about(ADMIN_PORT, PORT)
                    .holds(v -> v.get(ADMIN_PORT) == 0 || !v.get(ADMIN_PORT).equals(v.get(PORT))),
            Rule.that("anybody who reaches host could read and publish: choose an auth, or say allow_open: true")
                    .about(HOST, AUTH, ALLOW_OPEN)
                    .holds(v -> Loopback.names(v.get(HOST)) || v.get(AUTH) != AuthMode.NONE || v.get(ALLOW_OPEN)),
            Rule.that("auth: keys needs keys_file")
                    .about(AUTH, KEYS_FILE)
                    .holds(v -> v.get(AUTH) != AuthMode.KEYS || v.isGiven(KEYS_FILE)),
            Rule.that("auth: jwt needs either jwt_jwks or jwt_key")
                    .about(AUTH, JWT_JWKS, JWT_KEY)
                    .holds(v -> v.get(AUTH) != AuthMode.JWT || v.isGiven(JWT_JWKS) != v.isGiven(JWT_KEY)),
            Rule.that("cluster_host must be one address that the other nodes can reach, not every address of this one")
                    .about(CLUSTER_HOST)
                    .holds(v -> !Set.of("0.0.0.0", "::", "[::]").contains(v.get(CLUSTER_HOST))),
            Rule.that("redis_mode standalone takes one address; for several choose sentinel or cluster")
                    .about(REDIS_MODE, REDIS)
                    .holds(v -> v.get(REDIS_MODE) != RedisMode.STANDALONE
                            || v.get(REDIS).size() <= 1),
            Rule.that("redis addresses must be all redis:// or all rediss://")
                    .about(REDIS)
                    .holds(v -> v.get(REDIS).stream()
                                    .map(RedisUrl::encrypted)
                                    .distinct()
                                    .count()
                            <= 1),
            Rule.that("redis_ca works only with rediss://; without it nothing is encrypted")
                    .about(REDIS_CA, REDIS)
                    .holds(v -> !v.isGiven(REDIS_CA) || v.get(REDIS).stream().allMatch(RedisUrl::encrypted)));

    /** What works, but hardly as meant. */
    static final List<Rule> ADVICE = and(
            both(McpRules.ADVICE, FeedRules.ADVICE),
            Rule.that("keys and tokens are not asked for: auth is none")
                    .about(AUTH, KEYS_FILE, JWT_JWKS, JWT_KEY)
                    .holds(v -> v.get(AUTH) != AuthMode.NONE
                            || !v.isGiven(KEYS_FILE) && !v.isGiven(JWT_JWKS) && !v.isGiven(JWT_KEY)),
            Rule.that("metrics, dashboard and operating API are served nowhere: set admin_port or admin_token")
                    .about(HOST, ADMIN_PORT, ADMIN_TOKEN)
                    .holds(v -> Loopback.names(v.get(HOST)) || v.get(ADMIN_PORT) != 0 || v.isGiven(ADMIN_TOKEN)),
            Rule.that("h2c does nothing on a port with TLS, where clients negotiate HTTP/2")
                    .about(H2C, TLS_CERT)
                    .holds(v -> !v.get(H2C) || !v.isGiven(TLS_CERT)),
            Rule.that(
                            "with h2c requests can be smuggled past a proxy that reuses connections: for trusted networks only")
                    .about(H2C)
                    .holds(v -> !v.get(H2C) || v.isGiven(TLS_CERT)));

    private Rules() {}

    private static List<Rule> both(List<Rule> some, List<Rule> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static List<Rule> and(List<Rule> others, Rule... ours) {
        return Stream.concat(Stream.of(ours), others.stream()).toList();
    }
}
