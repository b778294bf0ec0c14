package dev.lifeline.gateway.cluster;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes: a Vert.x of its own, clustered by Hazelcast, that does nothing but relay. The gateway's own Vert.x
 * serves clients before this one has joined, after it has failed and while it blocks; until then readers elsewhere get
 * their events by position check, later but whole.
 *
 * <p>One thread of its own joins, joins again after a failure, and leaves. Everything else may be called from any.
 */
public final class Cluster implements Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** Leaving takes well under a second, or Hazelcast hangs and the process goes without it. */
    private static final long LEAVE_SECONDS = 6;

    private static final long LONGEST_PAUSE_SECONDS = 30;

    private static final long LOOK_SECONDS = 5;

    /** What is asked, and which stream nudged, for the sake of the way alone: there is no such stream. */
    private static final String GREETING = "greeting";

    /** A split heals by itself in less; one that does not is a matter of networks or names. */
    private static final int LOOKS_UNTIL_WARNING = 4;

    private final SeldomLog apartness = new SeldomLog(LOG);

    private final Promise<Void> joined = Promise.promise();
    private final Promise<Void> left = Promise.promise();
    private final String name;
    private final NodeLease lease;
    /** Null where nobody asks other nodes. */
    private final BusCourier courier;

    private volatile Relay relay = Relay.NOWHERE;

    // Guarded by this.
    private Thread thread;
    private boolean leaving;

    public Cluster(String name, NodeLease lease) {
        this(name, lease, null);
    }

    /**
     * A cluster that was not joined yet.
     *
     * @param courier is lent the bus of each stay; may be null
     */
    public Cluster(String name, NodeLease lease, BusCourier courier) {
        this.name = name;
        this.lease = lease;
        this.courier = courier;
        if (courier != null) {
            courier.answer(GREETING, (asker, nothing) -> Future.succeededFuture(""));
        }
    }

    /**
     * Joins the others, and takes to the hub what they relay. The future succeeds when that has worked out for the first
     * time; until it does, and whenever the membership is lost later, this goes on trying.
     */
    public synchronized Future<Void> join(Hub hub) {
        if (thread == null && !leaving) {
            thread = new Thread(() -> attend(hub), "cluster");
            thread.setDaemon(true);
            thread.start();
        }
        return joined.future();
    }

    private void attend(Hub hub) {
        int failures = 0;
        try {
            while (!isLeaving()) {
                failures = stay(hub) ? 0 : failures + 1;
                TimeUnit.SECONDS.sleep(Math.min(1L << Math.min(failures, 10), LONGEST_PAUSE_SECONDS));
            }
        } catch (InterruptedException leave) {
            LOG.debug("left the cluster");
        } finally {
            joined.tryFail("left before it had joined");
            left.complete();
        }
    }

    /** Is a member for as long as it lasts; says whether it came to that at all. */
    private boolean stay(Hub hub) throws InterruptedException {
        long since = System.nanoTime();
        Membership membership;
        try {
            membership = Membership.enter(
                    HazelcastSettings.of(name, lease.self(), lease::members),
                    lease.self().host(),
                    hub::checkPositions);
        } catch (Exception failure) {
            return failed(failure);
        }
        try {
            relay(hub, membership, since);
            watch(membership);
            LOG.warn("lost the cluster, joining again; until then readers here rely on position checks");
            return true;
        } catch (InterruptedException leave) {
            throw leave;
        } catch (Exception failure) {
            return failed(failure);
        } finally {
            relay = Relay.NOWHERE;
            if (courier != null) {
                courier.leave();
            }
            membership.end();
        }
    }

    private void relay(Hub hub, Membership membership, long since) throws Exception {
        EventBusRelay bus = new EventBusRelay(membership.vertx());
        Membership.settled(bus.listen(lease.self().id(), new Readers(hub)));
        relay = bus;
        if (courier != null) {
            Membership.settled(courier.enter(membership.vertx()));
        }
        LOG.atInfo()
                .addKeyValue("name", name)
                .addKeyValue("nodes", membership.size())
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since))
                .log("joined the cluster");
        joined.tryComplete();
        if (isLeaving()) {
            // Told so while Hazelcast was starting, which does not pass interruptions on.
            throw new InterruptedException();
        }
        // What was appended elsewhere before now was relayed to nobody here.
        hub.checkPositions();
    }

    /** Returns when the membership is lost. Until then looks whether it is what the leases say it should be. */
    private void watch(Membership membership) throws InterruptedException {
        int apart = 0;
        Set<String> greeted = ConcurrentHashMap.newKeySet();
        greet(greeted);
        while (!membership.awaitStopped(LOOK_SECONDS)) {
            greet(greeted);
            long alive = lease.members().stream().filter(Member::isClustered).count();
            apart = membership.size() < alive ? apart + 1 : 0;
            if (apart >= LOOKS_UNTIL_WARNING) {
                apartness.warn("not all living nodes are in the cluster, some events arrive by position check", alive);
            }
        }
    }

    /**
     * The first message to a node takes a look-up, and seems to wait for members that have no part in the message: with
     * one of them frozen it was seen to hang. Better now than when the message matters.
     */
    private void greet(Set<String> greeted) {
        if (courier == null) {
            return;
        }
        lease.members().stream()
                .filter(member -> member.isClustered() && !member.equals(lease.self()))
                .map(Member::id)
                .filter(id -> !greeted.contains(id))
                .forEach(id -> courier.ask(id, GREETING, "").onSuccess(heard -> {
                    greeted.add(id);
                    relay.nudge(List.of(id), GREETING);
                }));
    }

    private boolean failed(Exception failure) throws InterruptedException {
        if (isLeaving()) {
            throw new InterruptedException();
        }
        LOG.atWarn()
                .addKeyValue("error", failure.toString())
                .log("not in the cluster yet, trying again; until then readers here rely on position checks");
        LOG.debug("could not join the cluster", failure);
        return false;
    }

    private synchronized boolean isLeaving() {
        return leaving;
    }

    public boolean joined() {
        return relay != Relay.NOWHERE;
    }

    @Override
    public void nudge(List<String> nodes, String stream) {
        relay.nudge(nodes, stream);
    }

    /** Those on this node whom the others' messages are for. */
    private record Readers(Hub hub) implements RelayCodec.Sink {

        @Override
        public void deliver(String stream, Cursor first, List<Event> events) {
            hub.deliver(stream, first, events);
        }

        @Override
        public void nudge(String stream) {
            hub.checkPosition(stream);
        }
    }

    @Override
    public void relay(List<String> nodes, String stream, Cursor first, List<Event> events) {
        relay.relay(nodes, stream, first, events);
    }

    /** Leaves, also in the middle of joining. The future tells when that is done, or fails when it takes too long. */
    public synchronized Future<Void> leave() {
        relay = Relay.NOWHERE;
        if (!leaving) {
            leaving = true;
            if (thread == null) {
                left.complete();
            } else {
                thread.interrupt();
            }
        }
        return left.future()
                .timeout(LEAVE_SECONDS, TimeUnit.SECONDS)
                .onFailure(late -> LOG.warn("left the cluster hanging: it did not let go in time"));
    }
}
