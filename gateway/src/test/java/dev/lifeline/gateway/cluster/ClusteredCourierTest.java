package dev.lifeline.gateway.cluster;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.log.MemoryLog;
import dev.lifeline.gateway.log.Retention;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Relay;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that ask each other over a real cluster, which one of them leaves. */
class ClusteredCourierTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);

    private final RedisServer redis = RedisServer.plain();
    private final Vertx vertx = Vertx.vertx();
    private final Node a = new Node("a");
    private final Node b = new Node("b");

    /** What of a node can ask and answer. */
    private final class Node {

        private final NodeLease lease;
        private final BusCourier courier;
        private final Cluster cluster;
        private final Hub hub;

        private Node(String id) {
            RedisOptions options = new RedisOptions().addConnectionString(redis.uri());
            RedisLink link = new RedisLink(vertx, new RedisLink.Settings(options, PATIENT, PATIENT, 100));
            await(link.start());
            lease = new NodeLease(new VertxTime(vertx), link, "t", new Member(id, "127.0.0.1", freePort()), PATIENT);
            courier = new BusCourier(vertx, lease);
            cluster = new Cluster("courier-test", lease, courier);
            Retention retention = new Retention(10, 1000, PATIENT, PATIENT, PATIENT);
            hub = new Hub(
                    new MemoryLog(retention, 10, id, InstantSource.system()),
                    Relay.NOWHERE,
                    GatewayMetrics.NONE,
                    new Hub.Settings(id, 10, 1000, PATIENT));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void join() {
        await(a.lease.start());
        await(b.lease.start());
        Future<Void> joined = a.cluster.join(a.hub);
        b.cluster.join(b.hub);
        await(joined);
    }

    @AfterEach
    void leave() {
        await(a.cluster.leave());
        await(b.cluster.leave());
        await(vertx.close());
        redis.close();
    }

    @Test
    void nodesFindTheWayToEachOtherBeforeTheyNeedIt() {
        Set<String> greeting = ConcurrentHashMap.newKeySet();
        Node c = new Node("c");
        c.courier.answer("greeting", (asker, nothing) -> {
            greeting.add(asker);
            return Future.succeededFuture("");
        });

        await(c.lease.start());
        await(c.cluster.join(c.hub));

        eventually(() -> assertThat(greeting).containsExactlyInAnyOrder("a", "b"));
        await(c.cluster.leave());
        await(c.lease.end());
    }

    @Test
    void nodesAskEachOtherUntilOneHasLeft() {
        b.courier.answer("large", (asker, question) -> Future.succeededFuture(question.repeat(1024 * 1024)));
        Promise<Void> heard = Promise.promise();
        b.courier.answer("never", (asker, question) -> {
            heard.complete();
            return Promise.<String>promise().future();
        });
        eventually(() -> assertThat(await(a.courier.ask("b", "large", "x"))).hasSize(1024 * 1024));
        Future<String> lost = a.courier.ask("b", "never", "");
        // Before that it may never have been sent.
        await(heard.future());

        await(b.cluster.leave());
        await(b.lease.end());

        assertThat(((LinkFailure) failure(lost)).ending()).isEqualTo(Ending.LOST);
        eventually(() -> assertThat(((LinkFailure) failure(a.courier.ask("b", "large", "x"))).ending())
                .isEqualTo(Ending.NOT_SENT));
        assertThat(((LinkFailure) failure(b.courier.ask("a", "large", "x"))).ending())
                .isEqualTo(Ending.NOT_SENT);
    }
}
