package dev.lifeline.gateway.migration;

import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The census of many nodes, in Redis: one Lua script and one round trip a verb. */
public final class RedisCensus implements Census {

    private static final Script ADD = Script.of("census-add.lua");
    private static final Script READ = Script.of("census-read.lua");

    private final RedisLink link;
    private final List<String> keys;
    private final List<String> bounds;

    /**
     * A census behind a link, which is somebody else's to close.
     *
     * @param prefix of every key
     */
    public RedisCensus(RedisLink link, String prefix, Bounds bounds) {
        this.link = link;
        this.keys = List.of(prefix + ":{census}", prefix + ":{census}:seen");
        this.bounds = List.of(
                Integer.toString(bounds.most()), Long.toString(bounds.kept().toMillis()));
    }

    @Override
    public Future<Void> add(Collection<Entry> seen) {
        List<String> arguments = new ArrayList<>(bounds);
        for (Entry entry : seen) {
            arguments.add(name(entry.guest()));
            arguments.add(entry.revision());
            arguments.add(Long.toString(entry.firstSeen().toEpochMilli()));
            arguments.add(Long.toString(entry.lastSeen().toEpochMilli()));
            arguments.add(Long.toString(entry.count()));
        }
        return call(ADD, arguments).mapEmpty();
    }

    @Override
    public Future<List<Entry>> entries() {
        return call(READ, bounds).map(RedisCensus::entries);
    }

    private Future<Response> call(Script script, List<String> arguments) {
        return link.call(script, keys, arguments, Temper.IMPATIENT)
                .recover(failure -> Future.failedFuture(new LogUnavailable(failure.getMessage())));
    }

    private static String name(Guest guest) {
        return new JsonArray(List.of(guest.transport().name(), guest.principal(), guest.client(), guest.version()))
                .encode();
    }

    /** They come as pairs of name and record, those seen first first. */
    private static List<Entry> entries(Response answer) {
        List<Entry> entries = new ArrayList<>(answer.size() / 2);
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            entries.add(entry(
                    new JsonArray(answer.get(i).toString()),
                    new JsonObject(answer.get(i + 1).toString())));
        }
        Collections.reverse(entries);
        return List.copyOf(entries);
    }

    private static Entry entry(JsonArray name, JsonObject known) {
        Guest guest = new Guest(
                Guest.Transport.valueOf(name.getString(0)), name.getString(1), name.getString(2), name.getString(3));
        return new Entry(
                guest,
                known.getString("revision"),
                Instant.ofEpochMilli(known.getLong("first")),
                Instant.ofEpochMilli(known.getLong("last")),
                known.getLong("count"));
    }
}
