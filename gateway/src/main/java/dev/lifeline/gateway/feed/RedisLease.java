package dev.lifeline.gateway.feed;

import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The lease in Redis, beside the stream the feed fills. A life of a node is one holder, its next life another. */
final class RedisLease implements FeedLease {

    private static final Script HOLD = Script.of("feed-hold.lua");
    private static final Script KEEP = Script.of("feed-keep.lua");
    private static final Script RELEASE = Script.of("feed-release.lua");

    private final RedisLink link;
    private final List<String> keys;
    private final Duration length;
    private final Duration memory;
    private final String holder = UUID.randomUUID().toString();

    RedisLease(Feeds.Shared shared, String stream) {
        this.link = shared.link();
        this.keys = List.of(shared.prefix() + ":{" + stream + "}:feed");
        this.length = shared.lease();
        this.memory = shared.memory();
    }

    @Override
    public Future<Standing> hold() {
        return link.call(HOLD, keys, List.of(holder, millis(length), millis(memory)), Temper.IMPATIENT)
                .map(RedisLease::standing);
    }

    private static Standing standing(Response answer) {
        Response position = answer.size() > 2 ? answer.get(2) : null;
        return new Standing(
                answer.get(0).toInteger() == 1, answer.get(1).toLong(), position == null ? null : position.toString());
    }

    @Override
    public Future<Boolean> keep(long fence, String position) {
        return link.call(KEEP, keys, List.of(holder, Long.toString(fence), position), Temper.IMPATIENT)
                .map(answer -> answer.toInteger() == 1);
    }

    @Override
    public Future<Void> release() {
        return link.call(RELEASE, keys, List.of(holder), Temper.IMPATIENT).mapEmpty();
    }

    @Override
    public Duration length() {
        return length;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
