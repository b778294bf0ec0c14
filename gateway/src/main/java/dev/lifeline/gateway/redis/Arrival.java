package dev.lifeline.gateway.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection that is ready for calls.
 *
 * @param address where Redis sees it coming from, or null
 */
record Arrival(RedisConnection connection, String address) {

    private static final Pattern ADDRESS = Pattern.compile("\\baddr=(\\S+)");

    /** Asks whether Redis is ready, for one that still reads its files lets one connect; and how it knows us. */
    static Future<Arrival> greet(RedisConnection fresh) {
        Future<Response> ready = fresh.send(Request.cmd(Command.PING));
        Future<String> address = fresh.send(Request.cmd(Command.CLIENT).arg("INFO"))
                .map(Arrival::address)
                // Older ones cannot tell, and some are not allowed to.
                .otherwise(unknown -> null);
        return ready.compose(pong -> address).map(known -> new Arrival(fresh, known));
    }

    private static String address(Response info) {
        Matcher address = ADDRESS.matcher(info.toString());
        return address.find() ? address.group(1) : null;
    }
}
