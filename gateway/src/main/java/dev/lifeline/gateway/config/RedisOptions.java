package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table about the shared log. */
final class RedisOptions {

    static final Option<List<RedisUrl>> REDIS = option("redis", Kinds.REDIS.list(), "")
            .keptSecret()
            .means("Where Redis is; rediss:// for TLS. Several addresses for sentinel or cluster. Empty keeps "
                    + "events in the memory of this node. Percent-encode a comma, @ or / in a password.")
            .because("One node needs no Redis, and what needs nothing else starts everywhere.");

    static final Option<RedisMode> REDIS_MODE = option("redis_mode", Kind.choice(RedisMode.class), "standalone")
            .means("What those addresses are.")
            .because("One server is what most people have, and a wrong guess would fail late.");

    static final Option<String> REDIS_MASTER = option("redis_master", Kinds.NAME, "mymaster")
            .means("Name by which the sentinels know the master.")
            .because("The name in the configuration that Redis ships for sentinels.");

    static final Option<String> REDIS_PREFIX = option("redis_prefix", Kinds.NAME, "lifeline")
            .means("First part of every Redis key; gateways with different prefixes do not see each other.")
            .because("Tells our keys from those of others in a Redis that is shared.");

    static final Option<Optional<Path>> REDIS_CA = option("redis_ca", Kinds.FILE.orNothing(), "")
            .means("PEM file with the authorities to trust for rediss://; empty trusts those of the Java runtime.")
            .because("Managed services have public certificates; private ones have their own authority.");

    static final Option<Duration> REDIS_TIMEOUT = option("redis_timeout", Kind.duration("10ms", "5m"), "2s")
            .means("How long Redis may take to accept a connection or answer.")
            .because("A healthy one answers within a millisecond; after seconds it is away and must be treated so.");

    static final List<Option<?>> ALL = List.of(REDIS, REDIS_MODE, REDIS_MASTER, REDIS_PREFIX, REDIS_CA, REDIS_TIMEOUT);

    private RedisOptions() {}
}
