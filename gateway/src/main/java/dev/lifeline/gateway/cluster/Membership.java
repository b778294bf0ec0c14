package dev.lifeline.gateway.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One stay in the cluster: a Hazelcast instance and the Vert.x upon it, entered and ended together. Everything here
 * blocks, for a bounded time, and is meant for a thread of its own: no Vert.x is born in another's.
 */
final class Membership {

    /** By this attribute Vert.x knows its nodes, where the instance is not of its own making. */
    private static final String NODE_ID = "__vertx.nodeId";

    /** For a step that takes milliseconds, unless the node that has to answer is frozen. */
    private static final long STEP_SECONDS = 12;

    /** The same on the way out, where nobody waits for the frozen. */
    private static final long LAST_STEP_SECONDS = 2;

    private final HazelcastInstance hazelcast;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Vertx vertx;

    private Membership(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    /**
     * Enters the cluster, or founds it.
     *
     * @param merged is run when a cluster that was split is whole again
     */
    static Membership enter(Config config, String host, Runnable merged)
            throws ExecutionException, InterruptedException, TimeoutException {
        config.getMemberAttributeConfig()
                .setAttribute(NODE_ID, UUID.randomUUID().toString());
        Membership membership = new Membership(Hazelcast.newHazelcastInstance(config));
        try {
            membership.settle(host, merged);
            return membership;
        } catch (ExecutionException | InterruptedException | TimeoutException | RuntimeException failure) {
            membership.hazelcast.getLifecycleService().terminate();
            throw failure;
        }
    }

    private void settle(String host, Runnable merged)
            throws ExecutionException, InterruptedException, TimeoutException {
        hazelcast.getLifecycleService().addLifecycleListener(event -> observe(event, merged));
        vertx = await(
                Vertx.builder()
                        .with(options(host))
                        .withClusterManager(new Foundation(hazelcast))
                        .buildClustered(),
                STEP_SECONDS);
    }

    private void observe(LifecycleEvent event, Runnable merged) {
        if (event.getState() == LifecycleState.MERGED) {
            merged.run();
        } else if (event.getState() == LifecycleState.SHUTDOWN) {
            stopped.countDown();
        }
    }

    private static VertxOptions options(String host) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(host)
                .setClusterPublicHost(host)
                // A peer that went silent is dropped in seconds: what it misses meanwhile it will read from the log.
                .setClusterPingInterval(1000)
                .setClusterPingReplyInterval(1000);
        return new VertxOptions()
                .setEventBusOptions(bus)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                // It may block: nobody waits for it. A complaint a minute is enough.
                .setBlockedThreadCheckInterval(60_000);
    }

    Vertx vertx() {
        return vertx;
    }

    int size() {
        return hazelcast.getCluster().getMembers().size();
    }

    /** Waits for a step of this stay, on the thread of the cluster. */
    static <T> T settled(Future<T> step) throws ExecutionException, InterruptedException, TimeoutException {
        return await(step, STEP_SECONDS);
    }

    /** Waits until Hazelcast gives up by itself, and says whether it has, or for so long. */
    boolean awaitStopped(long seconds) throws InterruptedException {
        return stopped.await(seconds, TimeUnit.SECONDS);
    }

    /** Leaves politely if that is quick, and abruptly if not. */
    void end() {
        Future<Void> closed = vertx.close();
        if (isDone(closed)) {
            hazelcast.getLifecycleService().shutdown();
        } else {
            // Some call to a node that does not answer; ending Hazelcast ends the call.
            hazelcast.getLifecycleService().terminate();
            isDone(closed);
        }
    }

    private static boolean isDone(Future<Void> step) {
        try {
            await(step, LAST_STEP_SECONDS);
            return true;
        } catch (InterruptedException | TimeoutException | ExecutionException unwilling) {
            return step.isComplete();
        }
    }

    private static <T> T await(Future<T> step, long seconds)
            throws ExecutionException, InterruptedException, TimeoutException {
        return step.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }

    /** What Vert.x stands on; once that is gone, there is nothing left to leave, and no error in it. */
    private static final class Foundation extends HazelcastClusterManager {

        Foundation(HazelcastInstance hazelcast) {
            super(hazelcast);
        }

        @Override
        public void leave(Completable<Void> left) {
            if (getHazelcastInstance().getLifecycleService().isRunning()) {
                super.leave(left);
            } else {
                left.succeed();
            }
        }
    }
}
