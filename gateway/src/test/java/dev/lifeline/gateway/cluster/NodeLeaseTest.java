package dev.lifeline.gateway.cluster;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is alive, as leases in a real Redis say. */
class NodeLeaseTest {

    private static final Duration LENGTH = Duration.ofMillis(900);
    private static RedisServer redis;

    private final Vertx vertx = Vertx.vertx();
    private final RedisLink linkOfA = link();
    private final RedisLink linkOfB = link();
    private final NodeLease a =
            new NodeLease(new VertxTime(vertx), linkOfA, "t", new Member("a", "127.0.0.1", 1), LENGTH);
    private final NodeLease b = new NodeLease(new VertxTime(vertx), linkOfB, "t", new Member("b", "::1", 2), LENGTH);

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.plain();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private RedisLink link() {
        RedisOptions options = new RedisOptions().addConnectionString(redis.uri());
        return new RedisLink(
                vertx, new RedisLink.Settings(options, Duration.ofMillis(500), Duration.ofSeconds(1), 100));
    }

    @BeforeEach
    void bothTakeTheirLeases() {
        redis.flushAll();
        for (RedisLink link : List.of(linkOfA, linkOfB)) {
            await(link.start());
        }
        await(a.start());
        await(b.start());
        eventually("a has heard of b", () -> ids(a).equals(List.of("a", "b")));
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static List<String> ids(NodeLease lease) {
        return lease.members().stream().map(Member::id).toList();
    }

    private static long millisUntil(String fact, BooleanSupplier holds) {
        long since = System.nanoTime();
        eventually(fact, holds);
        return Duration.ofNanos(System.nanoTime() - since).toMillis();
    }

    @Test
    void whoRenewsItsLeaseIsNotSilent() {
        for (int i = 0; i < 4; i++) {
            assertThat(await(a.isSilent("b"))).isFalse();
        }
        assertThat(await(a.isSilent("nobody"))).isTrue();
    }

    @Test
    void whoDiedIsSilentBeforeItsLeaseHasLapsed() {
        Duration length = Duration.ofSeconds(6);
        NodeLease c = new NodeLease(new VertxTime(vertx), linkOfA, "t", new Member("c", "127.0.0.1", 3), length);
        NodeLease d = new NodeLease(new VertxTime(vertx), linkOfB, "t", new Member("d", "127.0.0.1", 4), length);
        await(d.start());
        await(c.start());
        await(linkOfB.close());

        assertThat(await(c.isSilent("d"))).isTrue();

        assertThat(ids(c)).contains("d");
        assertThat(c.isDead("d")).isFalse();
    }

    @Test
    void thatItIsSilentIsSeenAtOnceWhereRedisWasThereAllTheWhile() {
        await(linkOfB.close());

        eventually("the renewal is late", () -> isSilentAtOnce(a, "b"));
    }

    /** In a turn or two of the loop and of Redis, which a wait for a renewal would not be. */
    private boolean isSilentAtOnce(NodeLease who, String id) {
        long since = System.nanoTime();
        return await(who.isSilent(id))
                && System.nanoTime() - since < LENGTH.dividedBy(3).toNanos();
    }

    @Test
    void aRedisThatForgotTheLeasesMakesNobodySilent() {
        eventually("what is not there is known not to be", () -> isSilentAtOnce(a, "nobody"));
        redis.flushAll();

        assertThat(await(a.isSilent("b"))).isFalse();
    }

    @Test
    void aRedisThatWasAwayMakesNobodySilent() {
        eventually("what is not there is known not to be", () -> isSilentAtOnce(a, "nobody"));
        redis.pause();
        RunningGateway.pause(LENGTH.toMillis());
        redis.resume();

        assertThat(await(a.isSilent("b"))).isFalse();
    }

    @Test
    void twoNodesSeeEachOtherAndWhereTheyAre() {
        assertThat(b.members()).containsExactly(a.self(), b.self());
    }

    @Test
    void oneThatNoLongerRenewsVanishesWithinALeaseAndARenewal() {
        await(linkOfB.close());

        long millis = millisUntil("b is gone", () -> ids(a).equals(List.of("a")));

        assertThat(millis).isLessThan(LENGTH.toMillis() * 5 / 3);
    }

    @Test
    void oneThatEndsItsLeaseIsGoneAtTheNextLook() {
        await(b.end());

        assertThat(redis.ask("ZRANGE", "t:nodes", "0", "-1")).isEqualTo(List.of("a|127.0.0.1|1"));
        eventually("a has looked", () -> ids(a).equals(List.of("a")));
    }

    @Test
    void whoIsGoneIsToldOfOnceToEachSurvivorWhetherItDiedOrLeft() {
        List<String> heard = new CopyOnWriteArrayList<>();
        a.onLapsed(id -> {
            throw new IllegalStateException("a listener that fails for " + id);
        });
        a.onLapsed(id -> heard.add(id + " while " + ids(a)));
        b.onLapsed(id -> heard.add("never " + id));

        await(b.end());
        eventually("a has heard", () -> !heard.isEmpty());
        await(new NodeLease(new VertxTime(vertx), linkOfB, "t", b.self(), LENGTH).start());
        eventually("b is back", () -> ids(a).contains("b"));
        await(linkOfB.close());
        eventually("a has heard again", () -> heard.size() == 2);

        assertThat(heard).containsExactly("b while [a]", "b while [a]");
    }

    @Test
    void aNodeThatIsBackUnderItsNameIsSomebodyElse() {
        List<String> heard = new CopyOnWriteArrayList<>();
        a.onLapsed(heard::add);
        Member first = new Member("c~one", "127.0.0.1", 3);
        Member second = new Member("c~two", "127.0.0.1", 4);
        NodeLease former = new NodeLease(new VertxTime(vertx), linkOfB, "t", first, LENGTH);
        await(former.start());
        eventually("a knows the first life", () -> ids(a).contains(first.id()));

        await(new NodeLease(new VertxTime(vertx), linkOfB, "t", second, LENGTH).start());
        await(former.end());

        eventually("a has heard of its end", () -> !heard.isEmpty());
        assertThat(heard).containsExactly(first.id());
        assertThat(ids(a)).contains(second.id());
        assertThat(second.name()).isEqualTo(first.name()).isEqualTo("c");
    }

    @Test
    void whoIsSpokenOfBeforeItsLeaseIsKnownIsNotHeldForDead() {
        eventually("a can tell", a::isSure);
        assertThat(a.isDead("late")).isFalse();
        assertThat(a.isDead("never")).isFalse();

        await(new NodeLease(new VertxTime(vertx), linkOfB, "t", new Member("late", "127.0.0.1", 6), LENGTH).start());

        eventually("who never came is dead", () -> a.isDead("never"));
        assertThat(a.isDead("late")).isFalse();
        assertThat(a.isDead("b")).isFalse();
        await(b.end());
        eventually("b has left", () -> ids(a).equals(List.of("a", "late")));
        assertThat(a.isDead("b")).isTrue();
    }

    @Test
    void whoIsNotThereIsNotHeldForDeadInTheFirstMoments() {
        NodeLease young = new NodeLease(
                new VertxTime(vertx), linkOfB, "t", new Member("y", "127.0.0.1", 5), Duration.ofMinutes(1));

        await(young.start());

        assertThat(young.isSure()).isFalse();
        eventually("the others have been there for long enough", a::isSure);
    }

    @Test
    void whileRedisIsAwayTheLastKnownCountAndAfterItNobodyIsBuried() {
        redis.pause();
        // Longer than a lease: all of them lapse, and the first to renew finds itself alone.
        RunningGateway.pause(LENGTH.toMillis() * 2);
        assertThat(ids(a)).containsExactly("a", "b");
        redis.resume();

        long until = System.nanoTime() + LENGTH.multipliedBy(2).toNanos();
        while (System.nanoTime() < until) {
            assertThat(ids(a)).containsExactly("a", "b");
            assertThat(ids(b)).containsExactly("a", "b");
        }
    }

    @Test
    void aRedisThatForgotTheLeasesBuriesNobody() {
        redis.flushAll();

        eventually("both are there again", () -> ((List<?>) redis.ask("ZRANGE", "t:nodes", "0", "-1")).size() == 2);
        assertThat(ids(a)).containsExactly("a", "b");
        assertThat(ids(b)).containsExactly("a", "b");
    }

    @Test
    void oneThatDiedWhileRedisWasAwayIsGoneALeaseLater() {
        redis.flushAll();
        await(linkOfB.close());

        eventually("b is gone", () -> ids(a).equals(List.of("a")));
    }

    @Test
    void aLeaseThatNobodyUnderstandsIsPassedOver() {
        redis.ask("ZADD", "t:nodes", "9999999999999", "c from the future");
        redis.ask("ZADD", "t:nodes", "9999999999999", "d|host|70000");
        redis.ask("ZADD", "t:nodes", "9999999999999", "e|::1|3");

        eventually("e is known", () -> ids(a).contains("e"));
        assertThat(ids(a)).containsExactly("a", "b", "e");
    }

    @Test
    void theKeyOutlivesALongLease() {
        NodeLease patient = new NodeLease(
                new VertxTime(vertx), linkOfA, "t", new Member("p", "127.0.0.1", 0), Duration.ofMinutes(10));

        await(patient.start());

        assertThat((Long) redis.ask("PTTL", "t:nodes"))
                .isGreaterThan(Duration.ofMinutes(9).toMillis());
    }
}
