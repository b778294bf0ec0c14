package dev.lifeline.gateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;

/** Runs scripts in Redis, wherever that is: what a log, a store of sessions and a lease ask for. From any thread. */
public interface Scripts {

    /**
     * Runs a script. The future completes on the caller's context, if it has one; it fails with {@link RedisAway}, in
     * bounded time, and then the temper says whether the script may have run.
     */
    Future<Response> call(Script script, List<String> keys, List<String> arguments, RedisLink.Temper temper);

    /** Whether Redis is there just now, and takes what is written. */
    boolean available();

    Future<Void> close();
}
