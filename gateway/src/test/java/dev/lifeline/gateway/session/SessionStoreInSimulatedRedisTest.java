package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.get;

import dev.lifeline.gateway.simulation.InstantRedis;

/** The Redis of the simulation keeps the contract that the real one keeps. */
class SessionStoreInSimulatedRedisTest extends SessionStoreContract {

    private InstantRedis redis;

    @Override
    SessionStore open(int most) {
        redis = new InstantRedis();
        return new RedisSessions(redis, "simulated", most);
    }

    @Override
    void afterShort() {
        redis.pass(SHORT.plusMillis(1));
    }

    @Override
    void sweep() {
        get(((RedisSessions) store).sweep());
    }
}
