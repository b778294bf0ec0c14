package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.simulation.Keyspace.EntryId;
import dev.lifeline.gateway.simulation.Keyspace.Hash;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What happened, as the store and the upstream saw it, and the laws it is held against. It knows nothing of how the
 * gateway does things: only what landed, what was carried out, and what clients were given.
 */
final class History implements Commands.Witness {

    /** An event that landed. */
    static final class Landed {
        private final Cursor at;
        private final Event event;
        private final long reader;
        private final long millis;
        private boolean lost;

        Landed(Cursor at, Event event, long reader, long millis) {
            this.at = at;
            this.event = event;
            this.reader = reader;
            this.millis = millis;
        }

        Event event() {
            return event;
        }

        boolean isLost() {
            return lost;
        }
    }

    /** All that ever landed in one stream, what was lost since included. */
    private static final class Story {
        private final TreeMap<Cursor, List<Landed>> landed = new TreeMap<>();
        private long reader;
        private boolean removed;
    }

    private final Map<Event, String> publishers = new HashMap<>();
    private boolean takenFromTheLiving;
    private final World world;
    private final Options options;
    private final Plant plant;
    private final Map<String, Story> stories = new TreeMap<>();
    private final Map<Long, Ear> claims = new HashMap<>();
    private final Map<String, Ear> newest = new HashMap<>();
    private final Map<String, Integer> executions = new HashMap<>();
    private final Set<String> repeatable = new HashSet<>();
    private final List<String> lines;
    private long losses;
    private long jumps;

    History(World world, Options options, Plant plant, List<String> lines) {
        this.world = world;
        this.options = options;
        this.plant = plant;
        this.lines = lines;
    }

    /** Puts a line into the history, where somebody is to read it. */
    void tell(Supplier<String> line) {
        if (lines != null) {
            lines.add(String.format("%8.3f  %s", world.millis() / 1000.0 - 3600, line.get()));
        }
    }

    private void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            tell(() -> "VIOLATION " + what.get());
            throw new Violation(what.get());
        }
    }

    private Story story(String stream) {
        return stories.computeIfAbsent(stream, name -> new Story());
    }

    // ---- what the store sees

    private static final String SHARED = "l:stream:{";

    /** Where a stream's position is kept: beside the others of its session, if it belongs to one. */
    static String meta(String stream) {
        String tag = Session.family(stream);
        return tag.equals(stream) ? "l:{" + stream + "}:meta" : SHARED + tag + "}:" + stream + ":meta";
    }

    private static String stream(String key) {
        String whole = key.substring(key.indexOf('}') + 2);
        return key.startsWith(SHARED)
                ? whole.substring(0, whole.lastIndexOf(':'))
                : key.substring(key.indexOf('{') + 1, key.indexOf('}'));
    }

    @Override
    public void added(String key, EntryId id, List<String> fields) {
        Story story = story(stream(key));
        Cursor at = new Cursor(id.epoch(), id.sequence());
        Event event = new Event(fields.get(5), fields.get(7));
        story.landed
                .computeIfAbsent(at, absent -> new ArrayList<>(1))
                .add(new Landed(at, event, story.reader, Long.parseLong(fields.get(1))));
        tell(() -> "redis      " + stream(key) + " " + at + " " + event.type() + " " + event.data());
    }

    @Override
    public void set(String key, Map<String, String> fields) {
        if (key.endsWith(":meta")) {
            String reader = fields.get("reader");
            story(stream(key)).reader = reader == null ? 0 : Long.parseLong(reader);
        }
    }

    /** The store went back to an older copy, or to nothing. */
    void lost(Keyspace now) {
        losses++;
        stories.forEach((stream, story) -> {
            Hash meta = now.get(meta(stream), Hash.class);
            boolean there = meta != null && meta.get("epoch") != null;
            Cursor tail =
                    there ? new Cursor(Long.parseLong(meta.get("epoch")), Long.parseLong(meta.get("tail"))) : null;
            story.reader = meta == null || meta.get("reader") == null ? 0 : Long.parseLong(meta.get("reader"));
            story.landed.values().forEach(all -> all.forEach(it -> it.lost |= tail == null || it.at.isAfter(tail)));
        });
    }

    boolean lostAnything() {
        return losses > 0;
    }

    /** The clock by which things expire is not the one that passes. */
    void jumped() {
        jumps++;
    }

    // ---- what the log is asked, and says

    void claimed(String stream, long reader, Node node) {
        Ear ear = newest.get(node.id() + " " + stream);
        if (ear != null) {
            claims.putIfAbsent(reader, ear);
        }
    }

    void removed(String stream) {
        story(stream).removed = true;
    }

    void asked(Node node, Append append) {
        append.events().forEach(event -> publishers.putIfAbsent(event, node.id()));
        tell(() -> node.id() + " appends to " + append.stream() + " under " + append.key() + " "
                + append.events().stream().map(Event::data).toList());
    }

    void answered(Node node, Append append, AsyncResult<Appended> done) {
        tell(() -> node.id() + " has appended under " + append.key() + ": "
                + (done.succeeded() ? done.result() : done.cause().getMessage()));
        if (done.succeeded()) {
            appended(append, done.result());
        }
    }

    private void appended(Append asked, Appended landed) {
        require(
                landed.repeated() || asked.known() == null || landed.first().isAfter(asked.known()),
                () -> "an append to " + asked.stream() + " of one who knew of " + asked.known() + " landed at "
                        + landed.first());
    }

    void attached(Attach asked, Attached answer) {
        require(
                answer.standing() != Attached.Standing.HELD
                        || asked.known() == null
                        || !asked.known().isAfter(answer.tail()),
                () -> "one who knew of " + asked.known() + " in " + asked.stream() + " was told of a tail at "
                        + answer.tail());
    }

    // ---- what clients get

    void opened(Ear ear) {
        newest.put(ear.node().id() + " " + ear.stream(), ear);
    }

    /** A client is given an event. */
    void delivered(Ear ear, Cursor before, Cursor at, Event event) {
        tell(() -> ear + " gets " + at + " " + event.data());
        List<Landed> known = story(ear.stream()).landed.getOrDefault(at, List.of());
        require(
                known.stream().anyMatch(it -> it.event.equals(event)),
                () -> ear + " got " + event + " at " + at + ", where no such thing had landed: " + known);
        require(
                before == null || at.isSuccessorOf(before) || follows(ear.stream(), before, at),
                () -> ear + " got " + at + " after " + before + " without a word about what is missing");
        require(!ear.isSuperseded(), () -> ear + " got " + at + " after it was told that another reads");
        if (ear.isExclusive()) {
            known.stream().filter(it -> it.event.equals(event)).forEach(it -> requireReader(ear, it));
        }
    }

    /** The first of an epoch, behind all that is left of the one before. */
    private boolean follows(String stream, Cursor before, Cursor at) {
        return at.sequence() == 1
                && before.epoch() < at.epoch()
                && story(stream).landed.subMap(before, false, at, false).values().stream()
                        .flatMap(List::stream)
                        .allMatch(Landed::isLost);
    }

    private void requireReader(Ear ear, Landed it) {
        Ear reader = claims.get(it.reader);
        require(
                reader == null || it.lost || losses > 0 || reader == ear || reader.number() < ear.number(),
                () -> ear + " got " + it.at + ", which landed when " + reader + " had the stream");
    }

    /** A client is told that something is missing. */
    void gap(Ear ear, Gap gap, long redisMillis) {
        tell(() -> ear + " hears of a gap: " + gap);
        Story story = story(ear.stream());
        boolean excused = losses > 0 || story.removed || gap.from() == null;
        switch (gap.reason()) {
            case EVICTED ->
                require(
                        isGone(story, gap, redisMillis),
                        () -> ear + " was told that some is gone, and it is not: " + gap);
            case EPOCH, UNKNOWN ->
                // Of what a store evicted that was started twice since, it cannot say why.
                require(
                        excused || isGone(story, gap, redisMillis),
                        () -> ear + " was told of a loss, and nothing was lost: " + gap);
        }
    }

    /** There was something, and it is no more. */
    private boolean isGone(Story story, Gap gap, long redisMillis) {
        List<Landed> between = story.landed.subMap(gap.from(), false, gap.to(), true).values().stream()
                .flatMap(List::stream)
                .toList();
        return !between.isEmpty() && between.stream().allMatch(it -> it.lost || isEvicted(story, it, redisMillis));
    }

    private boolean isEvicted(Story story, Landed it, long redisMillis) {
        Cursor last = story.landed.lastKey();
        boolean many = last.epoch() != it.at.epoch() || last.sequence() - it.at.sequence() >= options.kept();
        return many || jumps > 0 || redisMillis - it.millis >= options.age().toMillis();
    }

    // ---- what the upstream does

    void executed(Message request) {
        if (!request.method().equals("tools/call")) {
            repeatable.add(request.id());
        }
        int times = executions.merge(request.id(), 1, Integer::sum);
        tell(() -> "upstream   carries out " + request.id() + " " + request.method() + " for the " + times + ". time");
        require(
                times == 1 || repeatable.contains(request.id()),
                () -> "request " + request.id() + " was carried out " + times + " times");
    }

    int executions(String rpcId) {
        return executions.getOrDefault(rpcId, 0);
    }

    // ---- in the end

    /** The node that published an event first. */
    String publisher(Event event) {
        return publishers.get(event);
    }

    /** The events of a stream that are not lost, in their order. */
    List<Event> landed(String stream) {
        return landed(stream, it -> !it.lost);
    }

    /** All that ever landed in a stream, in its order. */
    List<Event> everLanded(String stream) {
        return landed(stream, it -> true);
    }

    private List<Event> landed(String stream, Predicate<Landed> which) {
        return story(stream).landed.values().stream()
                .flatMap(List::stream)
                .filter(which)
                .map(it -> it.event)
                .toList();
    }

    void takenOver(boolean somebodyWasMissed) {
        takenFromTheLiving |= !somebodyWasMissed;
    }

    void requireThatOnlyTheMissedLost() {
        require(!takenFromTheLiving, () -> "something was taken over, and nobody had been missed");
    }

    /** Nothing that is said once stands anywhere twice. */
    void requireNothingTwice() {
        stories.forEach((stream, story) -> {
            Set<String> seen = new HashSet<>();
            for (Event event : landed(stream)) {
                require(seen.add(event.data()), () -> event.data() + " stands in " + stream + " twice");
            }
        });
    }

    void requireThat(boolean holds, Supplier<String> what) {
        require(holds, what);
    }

    Plant plant() {
        return plant;
    }
}
