package dev.lifeline.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked of time happens, and what is taken back does not. */
class VertxTimeTest {

    private final Vertx vertx = Vertx.vertx();
    private final Time time = new VertxTime(vertx);

    @AfterEach
    void end() {
        vertx.close();
    }

    private static void awaitAll(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itCallsOnceAndSoonAndAgain() throws InterruptedException {
        CountDownLatch once = new CountDownLatch(1);
        CountDownLatch soon = new CountDownLatch(1);
        CountDownLatch thrice = new CountDownLatch(3);

        time.after(Duration.ZERO, once::countDown);
        time.soon(soon::countDown);
        Time.Alarm again = time.every(Duration.ofNanos(1), thrice::countDown);

        awaitAll(once);
        awaitAll(soon);
        awaitAll(thrice);
        again.cancel();
    }

    @Test
    void whatWasTakenBackDoesNotHappen() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(1);

        Time.Alarm alarm = time.after(Duration.ofMillis(20), never::countDown);
        alarm.cancel();
        alarm.cancel();
        time.after(Duration.ofMillis(40), later::countDown);

        awaitAll(later);
        assertThat(never.getCount()).isEqualTo(1);
    }

    @Test
    void itPasses() throws InterruptedException {
        CountDownLatch due = new CountDownLatch(1);
        long before = time.nanos();
        time.after(Duration.ofMillis(10), due::countDown);

        awaitAll(due);

        assertThat(time.nanos() - before)
                .isGreaterThanOrEqualTo(Duration.ofMillis(9).toNanos());
    }
}
