package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of many nodes: streams in Redis, one Lua script and one round trip a verb, so that each step is atomic and no
 * lock is held across the network.
 *
 * <p>Redis numbers nothing by itself: entry ids are our cursors, epoch and sequence, and the scripts refuse to hand out
 * one twice. What is missing shows as an id that does not follow; see {@link #page}.
 */
public final class RedisLog implements Log {

    private static final String PRELUDE = "stream.lua";
    private static final Script APPEND = Script.of(PRELUDE, "append.lua");
    private static final Script READ = Script.of(PRELUDE, "read.lua");
    private static final Script ATTACH = Script.of(PRELUDE, "attach.lua");
    private static final Script DETACH = Script.of("detach.lua");
    private static final Script ACKNOWLEDGE = Script.of("acknowledge.lua");
    private static final int FIELDS_OF_AN_ENTRY = 3;

    private final RedisLink link;
    private final String prefix;
    private final String node;
    private final Duration attendance;
    private final Retention retention;
    private final List<String> bounds;

    /**
     * A log behind a link.
     *
     * @param prefix of every key
     * @param node what this node is called when it says that it has readers
     * @param attendance for how long it has said so, each time
     */
    public RedisLog(RedisLink link, String prefix, String node, Duration attendance, Retention retention) {
        this.link = link;
        this.prefix = prefix;
        this.node = node;
        this.attendance = attendance;
        this.retention = retention;
        this.bounds = List.of(
                Integer.toString(retention.events()),
                Long.toString(retention.bytes()),
                millis(retention.age()),
                millis(retention.position()));
    }

    @Override
    public Future<Appended> append(Append append) {
        List<String> arguments = arguments(millis(retention.keys()), epoch(append.known()), sequence(append.known()));
        for (Event event : append.events()) {
            arguments.add(event.type());
            arguments.add(event.data());
        }
        List<String> keys = keys(append.stream());
        if (append.key() != null) {
            keys.add(key(append.stream(), "key:" + append.key()));
        }
        return call(APPEND, keys, arguments, append.key() == null ? Temper.PATIENT : Temper.REPEATABLE)
                .map(RedisLog::appended);
    }

    private static Appended appended(Response answer) {
        List<String> nodes = new ArrayList<>();
        for (int i = 4; i < answer.size(); i++) {
            nodes.add(answer.get(i).toString());
        }
        Cursor first = new Cursor(answer.get(0).toLong(), answer.get(1).toLong());
        return new Appended(first, answer.get(2).toInteger(), answer.get(3).toInteger() == 1, nodes);
    }

    @Override
    public Future<Page> read(String stream, Cursor after, int limit) {
        List<String> arguments =
                arguments(epoch(after), sequence(after), Integer.toString(limit), Long.toString(Page.MOST_BYTES));
        return call(READ, keys(stream), arguments, Temper.IMPATIENT).map(answer -> page(after, answer));
    }

    /** Judges what was read: a run ends where an id does not follow, and begins with a gap if the first does not. */
    private static Page page(Cursor after, Response answer) {
        Cursor tail = new Cursor(answer.get(0).toLong(), answer.get(1).toLong());
        Cursor start = null;
        List<Event> events = new ArrayList<>();
        for (int i = 2; i < answer.size(); i += FIELDS_OF_AN_ENTRY) {
            Cursor at = entryId(answer.get(i).toString());
            if (start == null) {
                start = new Cursor(at.epoch(), at.sequence() - 1);
            } else if (!at.equals(start.plus(events.size() + 1L))) {
                break;
            }
            events.add(new Event(answer.get(i + 1).toString(), answer.get(i + 2).toString()));
        }
        Cursor begin = start == null ? tail : start;
        Gap gap = after == null || after.equals(begin) ? null : Gap.between(after, begin, tail);
        return new Page(gap, begin, events, tail);
    }

    private static Cursor entryId(String id) {
        int dash = id.indexOf('-');
        return new Cursor(Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
    }

    @Override
    public Future<Cursor> attach(String stream, Cursor known) {
        List<String> arguments = arguments(node, millis(attendance), epoch(known), sequence(known));
        return call(ATTACH, keys(stream), arguments, Temper.IMPATIENT)
                .map(answer -> new Cursor(answer.get(0).toLong(), answer.get(1).toLong()));
    }

    @Override
    public Future<Void> detach(String stream) {
        return call(DETACH, List.of(key(stream, "nodes")), List.of(node), Temper.IMPATIENT)
                .mapEmpty();
    }

    @Override
    public Future<Void> acknowledge(String stream, Cursor upTo) {
        List<String> keys = List.of(key(stream, "meta"), key(stream, "log"));
        return call(ACKNOWLEDGE, keys, List.of(epoch(upTo), sequence(upTo)), Temper.REPEATABLE)
                .mapEmpty();
    }

    @Override
    public boolean available() {
        return link.available();
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }

    private Future<Response> call(Script script, List<String> keys, List<String> arguments, Temper temper) {
        return link.call(script, keys, arguments, temper)
                .recover(failure -> Future.failedFuture(new LogUnavailable(failure.getMessage())));
    }

    private List<String> keys(String stream) {
        return new ArrayList<>(List.of(key(stream, "meta"), key(stream, "log"), key(stream, "nodes")));
    }

    /** Keys of one stream share a hash tag, so that a cluster keeps them on one of its nodes. */
    private String key(String stream, String what) {
        return prefix + ":{" + stream + "}:" + what;
    }

    private List<String> arguments(String... own) {
        List<String> arguments = new ArrayList<>(bounds);
        arguments.addAll(List.of(own));
        return arguments;
    }

    private static String epoch(Cursor cursor) {
        return cursor == null ? "0" : Long.toString(cursor.epoch());
    }

    private static String sequence(Cursor cursor) {
        return cursor == null ? "0" : Long.toString(cursor.sequence());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
