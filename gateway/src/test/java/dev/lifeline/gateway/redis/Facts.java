package dev.lifeline.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waiting for what is to be, and not for time to pass; the deadline is only there for what never comes. */
public final class Facts {

    private static final long DEADLINE_SECONDS = 20;
    private static final long LOOK_NANOS = 2_000_000;

    private Facts() {}

    public static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no outcome: " + e, e);
        }
    }

    /** How it failed, which it must. */
    public static Throwable failure(Future<?> future) {
        try {
            Object result = get(future);
            throw new AssertionError("did not fail, but gave " + result);
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    /** Looks again and again until it is so, and returns after how many milliseconds it was. */
    public static long eventually(ThrowingCallable fact) {
        long begin = System.nanoTime();
        while (true) {
            try {
                fact.call();
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            } catch (Throwable notYet) {
                if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)) {
                    throw new AssertionError("never came true: " + notYet.getMessage(), notYet);
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    public static void assertFails(Future<?> future, Class<? extends Throwable> with, String saying) {
        assertThat(failure(future)).isInstanceOf(with).hasMessageContaining(saying);
    }
}
