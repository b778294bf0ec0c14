package dev.lifeline.gateway.redis;

import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** One thing asked of Redis, and who waits for the answer. Made anew for each request; {@link RedisLink} owns it. */
final class RedisCall {

    private final Script script;
    private final List<String> keys;
    private final List<String> arguments;
    private final boolean patient;
    private final boolean repeatable;
    private final Promise<Response> promise;
    private final long since = System.nanoTime();

    RedisCall(
            Script script,
            List<String> keys,
            List<String> arguments,
            RedisLink.Temper temper,
            Promise<Response> promise) {
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
        this.patient = temper != RedisLink.Temper.IMPATIENT;
        this.repeatable = temper == RedisLink.Temper.REPEATABLE;
        this.promise = promise;
    }

    /** By digest, which is short, or by text, which Redis always understands. */
    Request request(boolean byDigest) {
        Request request = byDigest
                ? Request.cmd(Command.EVALSHA).arg(script.digest())
                : Request.cmd(Command.EVAL).arg(script.text());
        request.arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
    }

    /** Whether it may wait for Redis to come back. */
    boolean patient() {
        return patient;
    }

    /** Whether it may be sent again when nobody knows if it was carried out. */
    boolean repeatable() {
        return repeatable;
    }

    long age(long now) {
        return now - since;
    }

    Promise<Response> promise() {
        return promise;
    }
}
