package dev.lifeline.gateway.log;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.redis.Scripts;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

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
    private static final Script REMOVE = Script.of("remove.lua");
    private static final Script ACKNOWLEDGE = Script.of("acknowledge.lua");
    private static final Attached.Standing[] STANDINGS = Attached.Standing.values();
    private static final int FIELDS_OF_AN_ENTRY = 4;

    /** How a stream that was removed is told from others, where the position would be. */
    private static final long NO_EPOCH = 0;

    /** Nodes that still think they attend a removed stream ask within minutes, or are gone. */
    private static final Duration TOMBSTONE = Duration.ofMinutes(10);

    private final Scripts link;
    private final String prefix;
    private final String node;
    private final Duration attendance;
    private final Retention retention;
    private final List<String> bounds;
    private final UnaryOperator<String> tag;

    /**
     * A log behind a link.
     *
     * @param prefix of every key
     * @param node what this node is called when it says that it has readers
     * @param attendance for how long it has said so, each time
     * @param tag what in the name of a stream is its hash tag: streams with the same are kept in one place
     */
    public RedisLog(
            Scripts link,
            String prefix,
            String node,
            Duration attendance,
            Retention retention,
            UnaryOperator<String> tag) {
        this.link = link;
        this.prefix = prefix;
        this.node = node;
        this.attendance = attendance;
        this.retention = retention;
        this.tag = tag;
        this.bounds = List.of(
                Integer.toString(retention.events()),
                Long.toString(retention.bytes()),
                millis(retention.age()),
                millis(retention.position()));
    }

    /** A log in which each stream has a tag of its own. */
    public RedisLog(Scripts link, String prefix, String node, Duration attendance, Retention retention) {
        this(link, prefix, node, attendance, retention, UnaryOperator.identity());
    }

    @Override
    public Future<Appended> append(Append append) {
        List<String> arguments = arguments(millis(retention.keys()), epoch(append.known()), sequence(append.known()));
        List<String> keys = keys(append.stream());
        if (append.key() != null) {
            keys.add(key(append.stream(), "key:" + append.key()));
        }
        settle(append.settled(), keys, arguments);
        for (Event event : append.events()) {
            arguments.add(event.type());
            arguments.add(event.data());
        }
        return call(APPEND, keys, arguments, append.key() == null ? Temper.PATIENT : Temper.REPEATABLE)
                .map(answer -> appended(answer, append.settled() != null));
    }

    private static void settle(Settled settled, List<String> keys, List<String> arguments) {
        if (settled == null) {
            arguments.add("0");
        } else {
            keys.add(settled.hash());
            arguments.add(Integer.toString(settled.fields().size()));
            arguments.addAll(settled.fields());
        }
    }

    private static Appended appended(Response answer, boolean settled) {
        Cursor first = new Cursor(answer.get(0).toLong(), answer.get(1).toLong());
        boolean repeated = answer.get(3).toInteger() == 1;
        return new Appended(first, answer.get(2).toInteger(), repeated, texts(answer, 4), settled);
    }

    @Override
    public Future<Page> read(String stream, Cursor after, int limit) {
        List<String> arguments =
                arguments(epoch(after), sequence(after), Integer.toString(limit), Long.toString(Page.MOST_BYTES));
        return call(READ, keys(stream), arguments, Temper.IMPATIENT).map(answer -> page(after, answer));
    }

    private static Cursor position(Response answer, int at) {
        long epoch = answer.get(at).toLong();
        return epoch == NO_EPOCH ? null : new Cursor(epoch, answer.get(at + 1).toLong());
    }

    /** Judges what was read: a run ends where an id does not follow, and begins with a gap if the first does not. */
    private static Page page(Cursor after, Response answer) {
        Cursor tail = position(answer, 0);
        if (tail == null) {
            throw new LogUnavailable("the stream was removed");
        }
        Cursor start = null;
        Cursor follows = null;
        List<Event> events = new ArrayList<>();
        for (int i = 4; i < answer.size(); i += FIELDS_OF_AN_ENTRY) {
            Cursor at = entryId(answer.get(i).toString());
            if (start == null) {
                start = new Cursor(at.epoch(), at.sequence() - 1);
                follows = before(answer.get(i + 1));
            } else if (!at.equals(start.plus(events.size() + 1L))) {
                break;
            }
            events.add(new Event(answer.get(i + 2).toString(), answer.get(i + 3).toString()));
        }
        Cursor begin = start == null ? tail : start;
        boolean whole = after == null || after.equals(begin) || after.equals(follows);
        Gap gap = whole ? null : Gap.between(after, begin, tail, before(answer.get(3)));
        return new Page(gap, begin, events, tail, answer.get(2).toLong());
    }

    private static Cursor before(Response id) {
        String text = id.toString();
        return text.isEmpty() ? null : entryId(text);
    }

    private static Cursor entryId(String id) {
        int dash = id.indexOf('-');
        return new Cursor(Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
    }

    @Override
    public Future<Attached> attach(Attach attach) {
        Attach.Claim claim = attach.claim();
        List<String> arguments = arguments(node, millis(attendance), epoch(attach.known()), sequence(attach.known()));
        if (claim != null) {
            arguments.add(Long.toString(claim.reader()));
            arguments.add(Long.toString(claim.fence()));
            arguments.add(
                    Long.toString(TimeUnit.NANOSECONDS.toMicros(claim.age().toNanos())));
            arguments.add(epoch(claim.heard()));
            arguments.add(sequence(claim.heard()));
        }
        return call(ATTACH, keys(attach.stream()), arguments, Temper.IMPATIENT).map(RedisLog::attached);
    }

    private static Attached attached(Response answer) {
        Attached.Standing standing = STANDINGS[answer.get(0).toInteger()];
        return new Attached(standing, position(answer, 1), answer.get(3).toLong(), texts(answer, 4));
    }

    private static List<String> texts(Response answer, int from) {
        List<String> texts = new ArrayList<>(answer.size() - from);
        for (int i = from; i < answer.size(); i++) {
            texts.add(answer.get(i).toString());
        }
        return texts;
    }

    @Override
    public Future<Void> detach(String stream) {
        return call(DETACH, List.of(key(stream, "nodes")), List.of(node), Temper.IMPATIENT)
                .mapEmpty();
    }

    @Override
    public Future<List<String>> remove(String stream, List<String> named) {
        List<String> keys = keys(stream);
        named.forEach(name -> keys.add(key(stream, "key:" + name)));
        return call(REMOVE, keys, List.of(node, millis(TOMBSTONE)), Temper.REPEATABLE)
                .map(answer -> texts(answer, 0));
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
        String shared = tag.apply(stream);
        return shared.equals(stream)
                ? prefix + ":{" + stream + "}:" + what
                : prefix + ":stream:{" + shared + "}:" + stream + ":" + what;
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
