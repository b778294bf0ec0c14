package dev.lifeline.gateway.cluster;

import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.redis.Scripts;
import dev.lifeline.gateway.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's word in Redis that it is alive, renewed by a timer, and the list of all who say so. What a lease says is
 * what "alive" means; the cluster manager's opinion is a hint.
 *
 * <p>Whoever is missing from the list is dead, with one exception. If our own lease was gone when we renewed it, then
 * Redis was away, or forgot, or we were; the others' leases may be gone for the same reason, and they get the length of
 * a lease to show up again.
 */
public final class NodeLease {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final Script LEASE = Script.of("lease.lua");
    private static final Script LOOK = Script.of("lease-look.lua");
    private static final int RENEWALS_PER_LEASE = 3;
    /** A renewal may be late by so much of a lease. */
    private static final int LATE_PER_LEASE = 10;

    private static final int HELD = 0;
    private static final int MOST_MISSED = 1000;

    private final Time time;
    private final Scripts link;
    private final String key;
    private final Member self;
    private final Duration length;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final List<Consumer<String>> lapseListeners = new CopyOnWriteArrayList<>();
    /** Since when who was asked for has been missing; one whose lease has lapsed, for as long as is needed. */
    private final Map<String, Long> missed = new ConcurrentHashMap<>();

    private volatile List<Member> members;
    private volatile boolean ended;
    private volatile boolean sure;
    private volatile Time.Alarm timer = Time.Alarm.NONE;

    // Owned by whichever renewal is under way.
    private volatile long renewed;
    private long doubtUntil;
    private volatile long steadySince;
    private boolean everHeld;
    private long born;

    public NodeLease(Time time, Scripts link, String prefix, Member self, Duration length) {
        this.time = time;
        this.link = link;
        this.key = prefix + ":nodes";
        this.self = self;
        this.length = length;
        this.members = List.of(self);
    }

    /** Takes the lease and keeps it. The future succeeds once the others can see it. */
    public Future<Void> start() {
        timer = time.every(length.dividedBy(RENEWALS_PER_LEASE), this::renew);
        return renew();
    }

    /** One renewal at a time: a slow Redis is not asked again before it has answered. */
    private Future<Void> renew() {
        if (ended || !underWay.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return say(Long.toString(length.toMillis()))
                .onSuccess(this::heard)
                .onFailure(this::unheard)
                .onComplete(answered -> underWay.set(false))
                .mapEmpty();
    }

    private void unheard(Throwable failure) {
        steadySince = Long.MAX_VALUE;
        LOG.debug("the node lease was not renewed: {}", failure.getMessage());
    }

    private Future<Response> say(String millis) {
        return link.call(LEASE, List.of(key), List.of(self.toString(), millis), Temper.IMPATIENT);
    }

    private void heard(Response answer) {
        long now = time.nanos();
        boolean held = answer.get(HELD).toInteger() == 1;
        if (!held) {
            doubt(now);
        }
        boolean steady = held
                && steadySince != Long.MAX_VALUE
                && now - renewed < overdue().toNanos();
        steadySince = steady ? steadySince : now;
        renewed = now;
        born = everHeld ? born : now;
        everHeld = true;
        Stream<Member> alive = answer.stream()
                .skip(1)
                .map(name -> Member.parse(name.toString()))
                .flatMap(Optional::stream);
        Stream<Member> known = now - doubtUntil < 0 ? Stream.concat(alive, members.stream()) : alive;
        tell(known.distinct().sorted(Comparator.comparing(Member::toString)).toList());
        sure = sure || now - born >= length.toNanos();
    }

    private void doubt(long now) {
        doubtUntil = now + length.toNanos();
        if (everHeld) {
            LOG.atWarn()
                    .addKeyValue("unrenewed", Duration.ofNanos(now - renewed).truncatedTo(ChronoUnit.MILLIS))
                    .log("the lease of this node was gone: Redis was away or lost it, or this node stood still");
        }
    }

    private void tell(List<Member> alive) {
        if (!alive.equals(members)) {
            LOG.atInfo()
                    .addKeyValue("nodes", alive.stream().map(Member::name).toList())
                    .log("living nodes changed");
            if (alive.stream().anyMatch(other -> other.name().equals(self.name()) && !other.equals(self))) {
                LOG.atWarn()
                        .addKeyValue("node", self.name())
                        .log("another node goes by our name; fine if it is the last life of this one, else rename one");
            }
        }
        List<Member> before = members;
        members = alive;
        Set<String> ids = alive.stream().map(Member::id).collect(Collectors.toSet());
        before.stream()
                .map(Member::id)
                .filter(id -> !ids.contains(id))
                .distinct()
                .forEach(this::lapsed);
    }

    private void lapsed(String id) {
        missed.put(id, time.nanos() - length.toNanos());
        for (Consumer<String> listener : lapseListeners) {
            try {
                listener.accept(id);
            } catch (RuntimeException failure) {
                LOG.error("what follows from the end of a node could not be done", failure);
            }
        }
    }

    /**
     * Calls back once for each node that was alive and no longer is, with its id, after {@link #members()} has changed.
     * Whether it died or left is not told apart, for it cannot be.
     */
    public void onLapsed(Consumer<String> listener) {
        lapseListeners.add(listener);
    }

    /** Who was alive when last heard, this node included; while Redis is away, who was alive before. */
    public List<Member> members() {
        return members;
    }

    /**
     * Whether who is not among the members can be held for dead. Not in the first moments: Redis may have been away just
     * before, and the others are about to say again that they are alive.
     */
    public boolean isSure() {
        return sure;
    }

    /** Whether nobody of this id has held a lease for as long as one lasts, since it was first asked for. */
    public boolean isDead(String id) {
        boolean known = members.stream().anyMatch(member -> member.id().equals(id));
        if (known || !sure) {
            missed.remove(id);
            return false;
        }
        if (missed.size() > MOST_MISSED) {
            missed.clear();
        }
        long now = time.nanos();
        Long since = missed.putIfAbsent(id, now);
        return since != null && now - since >= length.toNanos();
    }

    /** How long after the last renewal the next one is late. */
    private Duration overdue() {
        return length.dividedBy(RENEWALS_PER_LEASE).plus(length.dividedBy(LATE_PER_LEASE));
    }

    /**
     * Whether a node does not renew its lease any more, though it need not have lapsed yet. That is known at once where its
     * renewal is late and Redis was there and whole all the while, as our own lease shows; else after as long as one takes.
     */
    public Future<Boolean> isSilent(String id) {
        return look(id).compose(first -> {
            if (isSteady(first) && isLate(first)) {
                return Future.succeededFuture(true);
            }
            Promise<Boolean> silent = Promise.promise();
            time.after(
                    overdue(),
                    () -> look(id).map(second -> second.until() <= first.until())
                            .onComplete(silent));
            return silent.future();
        });
    }

    /**
     * Two leases as Redis has them, in milliseconds of its clock; what is not there went long ago.
     *
     * @param until when the one that is asked for goes
     * @param own when ours does
     */
    private record Look(long now, long until, long own) {}

    private boolean isLate(Look look) {
        return look.until() - look.now() <= length.minus(overdue()).toMillis();
    }

    private boolean isSteady(Look look) {
        long now = time.nanos();
        long expected = length.minus(Duration.ofNanos(now - renewed))
                .minus(length.dividedBy(LATE_PER_LEASE))
                .toMillis();
        return steadySince != Long.MAX_VALUE
                && now - steadySince >= overdue().toNanos()
                && look.own() - look.now() >= expected;
    }

    private Future<Look> look(String id) {
        return link.call(LOOK, List.of(key), List.of(), Temper.REPEATABLE)
                .map(answer -> new Look(answer.get(0).toLong(), until(answer, id), until(answer, self.id())));
    }

    private static long until(Response answer, String id) {
        return IntStream.iterate(1, i -> i + 1 < answer.size(), i -> i + 2)
                .filter(i -> Member.parse(answer.get(i).toString())
                        .filter(member -> member.id().equals(id))
                        .isPresent())
                .mapToLong(i -> answer.get(i + 1).toLong())
                .max()
                .orElse(0);
    }

    public Member self() {
        return self;
    }

    /** Gives the lease back, so that nobody has to wait for it to lapse. */
    public Future<Void> end() {
        ended = true;
        timer.cancel();
        return say("0").mapEmpty();
    }
}
