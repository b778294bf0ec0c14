package dev.lifeline.gateway.feed;

import dev.lifeline.gateway.client.EventSourceOptions;
import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The feeds of this node: sources elsewhere that fill channels here. */
public final class Feeds {

    /**
     * What there is to know of a feed.
     *
     * @param source where it is followed, and how
     * @param maxEventBytes the largest event a channel takes
     */
    public record Settings(String name, EventSourceOptions source, int maxEventBytes, StreamMetrics metrics) {

        String stream() {
            return "channel:" + name;
        }
    }

    /**
     * What nodes share, so that one of them follows a source for all.
     *
     * @param lease how long a node has a feed after it said so
     * @param memory how long the position of a feed that nobody follows is remembered
     */
    public record Shared(RedisLink link, String prefix, Duration lease, Duration memory) {}

    /**
     * How a feed is doing.
     *
     * @param state {@code elsewhere} where another node follows it for all
     */
    public record Report(String name, String state, boolean here) {}

    private final List<Feed> all;

    private Feeds(List<Feed> all) {
        this.all = all;
    }

    /** The feeds of a node; {@code shared} is null on a node on its own. */
    public static Feeds of(Vertx vertx, Hub hub, Shared shared, List<Settings> settings) {
        return new Feeds(settings.stream()
                .map(each -> new Feed(
                        vertx, hub, each, shared == null ? new SoleLease() : new RedisLease(shared, each.stream())))
                .toList());
    }

    public void start() {
        all.forEach(Feed::start);
    }

    /** Lets go of all, so that other nodes can go on with them at once. */
    public Future<Void> close() {
        return Future.join(all.stream().map(Feed::close).toList()).mapEmpty();
    }

    public Set<String> names() {
        return all.stream().map(Feed::name).collect(Collectors.toUnmodifiableSet());
    }

    public List<Report> reports() {
        return all.stream().map(Feed::report).toList();
    }
}
