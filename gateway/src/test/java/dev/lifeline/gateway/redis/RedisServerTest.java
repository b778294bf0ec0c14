package dev.lifeline.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the other tests rely on when they do things to a Redis. */
class RedisServerTest {

    @Test
    void isEmptiedByFlushAll() {
        try (RedisServer redis = RedisServer.plain()) {
            redis.ask("SET", "a", "1");

            redis.flushAll();

            assertThat(redis.keys("")).isEmpty();
        }
    }

    @Test
    void goesBackInTimeWhenRestored() {
        try (RedisServer redis = RedisServer.plain()) {
            redis.ask("SET", "a", "1");
            Path copy = redis.copy();
            redis.ask("SET", "a", "2");

            redis.restoreAndRestart(copy);

            assertThat(redis.ask("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void keepsWhatItAnsweredThroughAKillWhenItHasAnAppendOnlyFile() {
        try (RedisServer redis = Options.plain().withAppendOnlyFile().start()) {
            redis.ask("SET", "a", "1");

            redis.kill();
            assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(UncheckedIOException.class);
            redis.restart();

            assertThat(redis.ask("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void asksForItsPassword() {
        try (RedisServer redis = Options.plain().withPassword("open sesame").start()) {
            assertThat(redis.ask("PING")).isEqualTo("PONG");
        }
    }
}
