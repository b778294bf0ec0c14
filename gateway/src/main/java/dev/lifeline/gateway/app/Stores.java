package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.config.RedisMode;
import dev.lifeline.gateway.config.RedisUrl;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.RedisLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.session.Session;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisRole;
import java.time.Duration;
import java.time.InstantSource;

/** Makes the log that the configuration asks for, and the link to Redis under it. */
final class Stores {

    private static final long SWEEP_MILLIS = 10_000;

    /** A node that has not repeated for so many checks that it has readers is taken to have none. */
    private static final int CHECKS_PER_ATTENDANCE = 4;

    private Stores() {}

    static Retention retention(GatewayConfig.Buffer buffer) {
        return new Retention(
                buffer.tail().events(),
                buffer.tail().bytes(),
                buffer.tail().retention(),
                buffer.positionRetention(),
                buffer.dedupRetention());
    }

    static Log memory(Vertx vertx, GatewayConfig config, String node) {
        MemoryLog log =
                new MemoryLog(retention(config.buffer()), config.buffer().maxStreams(), node, InstantSource.system());
        vertx.setPeriodic(SWEEP_MILLIS, turn -> log.sweep());
        return log;
    }

    static Log redis(RedisLink link, GatewayConfig config, String prefix, String node) {
        Duration attendance = config.nodes().positionCheckInterval().multipliedBy(CHECKS_PER_ATTENDANCE);
        return new RedisLog(link, prefix, node, attendance, retention(config.buffer()), Session::family);
    }

    static RedisLink link(Vertx vertx, GatewayConfig.Redis redis, GatewayConfig.Appends appends) {
        return new RedisLink(
                vertx,
                new RedisLink.Settings(
                        options(redis).setMaxWaitingHandlers(appends.maxPending()),
                        redis.timeout(),
                        appends.timeout(),
                        appends.maxPending()));
    }

    private static RedisOptions options(GatewayConfig.Redis redis) {
        RedisOptions options =
                new RedisOptions().setType(type(redis.servers().mode())).setNetClientOptions(network(redis));
        if (redis.servers().mode() == RedisMode.SENTINEL) {
            options.setMasterName(redis.servers().master()).setRole(RedisRole.MASTER);
        }
        redis.servers()
                .urls()
                .forEach(url -> options.addConnectionString(url.reveal().toString()));
        return options;
    }

    private static NetClientOptions network(GatewayConfig.Redis redis) {
        NetClientOptions network = new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) redis.timeout().toMillis())
                .setHostnameVerificationAlgorithm("HTTPS");
        if (redis.servers().urls().stream().anyMatch(RedisUrl::encrypted)) {
            network.setSsl(true);
            redis.ca().ifPresent(ca -> network.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
        }
        return network;
    }

    private static RedisClientType type(RedisMode mode) {
        return switch (mode) {
            case STANDALONE -> RedisClientType.STANDALONE;
            case SENTINEL -> RedisClientType.SENTINEL;
            case CLUSTER -> RedisClientType.CLUSTER;
        };
    }
}
