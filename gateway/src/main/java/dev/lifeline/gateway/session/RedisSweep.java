package dev.lifeline.gateway.session;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Walks through the lists of {@link RedisIndex}, so that sessions that ended by time leave them. A page at a time; but as
 * long as much of a page was gone, the next one at once: so the dead are never much more than the living.
 */
final class RedisSweep {

    private static final int MOST_PAGES = 400;
    private static final int MUCH = RedisIndex.PAGE / 4;

    private final RedisIndex index;
    private final AtomicBoolean underWay = new AtomicBoolean();

    // Owned by whoever is under way: where each list's walk goes on.
    private final Map<String, String> places = new HashMap<>();

    RedisSweep(RedisIndex index) {
        this.index = index;
    }

    Future<Void> go() {
        if (!underWay.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return walk("", index::page, MOST_PAGES)
                .compose(done -> index.nodes())
                .compose(nodes -> {
                    places.keySet().removeIf(list -> !list.isEmpty() && !nodes.contains(list));
                    Future<Void> walked = Future.succeededFuture();
                    for (String node : nodes) {
                        walked = walked.compose(before -> walk(node, from -> index.partsPage(node, from), MOST_PAGES));
                    }
                    return walked;
                })
                .onComplete(done -> underWay.set(false));
    }

    private Future<Void> walk(String list, Function<String, Future<RedisIndex.Page>> read, int pages) {
        return read.apply(places.get(list)).compose(page -> {
            places.put(list, page.next());
            boolean on = page.gone() > MUCH && pages > 1;
            return on ? walk(list, read, pages - 1) : Future.succeededFuture();
        });
    }
}
