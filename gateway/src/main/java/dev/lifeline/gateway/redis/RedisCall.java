package dev.lifeline.gateway.redis;

import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;

/** One thing asked of Redis, and who waits for the answer. {@link RedisLink} owns it, on its context. */
final class RedisCall {

    private final Script script;
    private final List<String> keys;
    private final List<String> arguments;
    private final RedisLink.Temper temper;
    private final Promise<Response> promise;
    private final long weight;
    private final long madeAt;
    private long sentAt;
    private boolean inFull;

    RedisCall(
            Script script,
            List<String> keys,
            List<String> arguments,
            RedisLink.Temper temper,
            Promise<Response> promise,
            long madeAt) {
        this.script = script;
        this.keys = keys;
        this.arguments = arguments;
        this.temper = temper;
        this.promise = promise;
        this.madeAt = madeAt;
        this.weight = arguments.stream().mapToLong(String::length).sum();
    }

    /** By digest, which is short; or in full, which Redis always understands. */
    Request request() {
        Request request = inFull
                ? Request.cmd(Command.EVAL).arg(script.text())
                : Request.cmd(Command.EVALSHA).arg(script.digest());
        request.arg(keys.size());
        keys.forEach(request::arg);
        arguments.forEach(request::arg);
        return request;
    }

    /** From now on the script is sent with it: Redis did not know the digest. */
    void tellInFull() {
        inFull = true;
    }

    Script script() {
        return script;
    }

    /** Calls of one lane are carried out in the order they were made. */
    String lane() {
        return keys.get(0);
    }

    /** Roughly what it holds in memory. */
    long weight() {
        return weight;
    }

    /** Whether it may wait for Redis to come back. */
    boolean patient() {
        return temper != RedisLink.Temper.IMPATIENT;
    }

    /** Whether it may be sent again when nobody knows if it was carried out. */
    boolean repeatable() {
        return temper == RedisLink.Temper.REPEATABLE;
    }

    void sent(long now) {
        sentAt = now;
    }

    long nanosSinceSent(long now) {
        return now - sentAt;
    }

    long nanosSinceMade(long now) {
        return now - madeAt;
    }

    Promise<Response> promise() {
        return promise;
    }
}
