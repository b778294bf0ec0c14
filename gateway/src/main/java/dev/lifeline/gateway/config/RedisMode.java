package dev.lifeline.gateway.config;

import java.util.Locale;

/** What the Redis addresses are addresses of. */
public enum RedisMode {
    /** One server. */
    STANDALONE,
    /** Sentinels, who know which server is the master. */
    SENTINEL,
    /** Some nodes of a Redis Cluster, who know the others. */
    CLUSTER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
