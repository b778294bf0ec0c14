package dev.lifeline.gateway.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.redis.Scripts;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;

/** The simulated Redis without a world around it: it answers at once, and its clock is the test's. */
public final class InstantRedis implements Scripts {

    private long micros = 1_795_000_000_000_000L;
    private final Commands commands = new Commands(() -> micros, Commands.Witness.NOBODY);

    public synchronized void pass(Duration time) {
        micros += time.toNanos() / 1000;
    }

    @Override
    public synchronized Future<Response> call(
            Script script, List<String> keys, List<String> arguments, RedisLink.Temper temper) {
        micros++;
        Response answer = LuaRedis.here().run(script.text(), commands, bytes(keys), bytes(arguments));
        return answer instanceof ErrorType error ? Future.failedFuture(error) : Future.succeededFuture(answer);
    }

    /** Text as it travels, one byte a character. */
    private static List<String> bytes(List<String> texts) {
        return texts.stream()
                .map(text -> new String(text.getBytes(UTF_8), ISO_8859_1))
                .toList();
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
