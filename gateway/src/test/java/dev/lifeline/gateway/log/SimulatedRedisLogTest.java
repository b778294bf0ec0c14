package dev.lifeline.gateway.log;

import dev.lifeline.gateway.simulation.InstantRedis;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The Redis of the simulation keeps the contract that the real one keeps: what is proven there is proven of a log. */
class SimulatedRedisLogTest extends LogContract {

    private InstantRedis redis;

    @Override
    Log open(Retention retention) {
        redis = new InstantRedis();
        return new RedisLog(redis, "simulated", HERE, Duration.ofSeconds(30), retention);
    }

    @Override
    void after(Duration time, ThrowingCallable fact) {
        redis.pass(time.plusMillis(1));
        Assertions.assertThatCode(fact).doesNotThrowAnyException();
    }
}
